// Codes of plots: 宗地代码 (GB/T 37346) and 地块编码 (NY/T 2539), their form and the next free one.
#ifndef LANDBOOK_SERVICES_REGISTRY_PLOT_CODE_H_
#define LANDBOOK_SERVICES_REGISTRY_PLOT_CODE_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "landbook/v1/policy.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// The digits of a plot's serial, the last ones of its code in either layout.
inline constexpr int kPlotSerialDigits = 5;

// What a plot's code follows from.
struct PlotCodeBasis {
  const v1::PlotKind* kind = nullptr;
  std::string division;  // 12 or 14 digits
};

// The characters of a code before its serial: the division as 14 digits (a village is its group 00)
// for contracted land, else its first 12 and the kind's letters. REQUIRES: a division of 12 or 14
// digits.
std::string PlotCodePrefix(const PlotCodeBasis& basis);

// What is wrong with a code that a plot of the kind in the division shall have; nullopt when
// nothing:
//   PLOT_CODE_MALFORMED          not laid out as the kind's codes are, or not of the division
//   PLOT_CODE_OF_ANOTHER_COUNTY  it does not begin with the county's six digits
//   PLOT_CODE_NOT_OF_KIND        with another kind's letters
struct PlotCodeQuestion {
  std::string_view code;
  std::string_view county;
};
std::optional<Reason> FaultOfPlotCode(const PlotCodeQuestion& question, const PlotCodeBasis& basis);

// True for a division of 12 or 14 digits that lies in the county.
bool IsDivisionOf(std::string_view county, std::string_view division);

// True when the division has 12 or 14 digits and lies in the book's county; otherwise refused
// (DIVISION_MALFORMED, DIVISION_OF_ANOTHER_COUNTY).
bool CheckDivision(const std::string& division, std::string_view field, ActContext* context);

// Gives out the codes of one act's plots. Codes are never used twice: what any plot has or had is
// refused, and so is one that the act itself gives twice.
class PlotCodes {
 public:
  // REQUIRES: `context` outlives the object.
  explicit PlotCodes(ActContext* context) : context_(context) {}

  // Takes a code that the caller chose; false when it was refused (the reasons above, or
  // CODE_ALREADY_USED).
  bool Take(const std::string& code, const PlotCodeBasis& basis, std::string_view field);
  // The next code of the family that nobody has taken; refused with SERIAL_EXHAUSTED past the last.
  // REQUIRES: codes that the act's caller chose were taken before.
  std::optional<std::string> Allocate(const PlotCodeBasis& basis, std::string_view field);

 private:
  ActContext* context_;
  std::set<std::string, std::less<>> taken_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PLOT_CODE_H_
