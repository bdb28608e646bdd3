// Refusals: why an act or a call was turned down, by a name and a number that never change.
//
// refusals.def lists them all. Everything behind the door gives refusals and never a gRPC error;
// refusal_wire.h has the one table from here to the wire.
#ifndef LANDBOOK_SERVICES_COMMON_REFUSAL_H_
#define LANDBOOK_SERVICES_COMMON_REFUSAL_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "landbook/v1/error.pb.h"

namespace landbook::common {

// The reasons, under the names that travel on the wire; the value is the number.
enum class Reason : std::uint16_t {
#define X(name, number, code, retryable) name = number,
#include "services/common/refusals.def"
#undef X
};

// What refusals.def says of a reason.
struct ReasonInfo {
  Reason reason;
  // "PLOT_OVERLAPS_NEIGHBOUR".
  std::string_view name;
  // The canonical gRPC code that a call refused for it ends with.
  absl::StatusCode code;
  // True when the same request may succeed later without being changed.
  bool retryable;
};

// All reasons, by number.
std::span<const ReasonInfo> AllReasons();

// What is said of `reason`. REQUIRES: a reason of the enum.
const ReasonInfo& InfoOf(Reason reason);

// The reason of that name; nullopt when there is none.
std::optional<Reason> ReasonNamed(std::string_view name);

// The canonical spelling of a code: "FAILED_PRECONDITION".
std::string_view CodeName(absl::StatusCode code);

// All refusals of one request, in the order of their acts, then as their checks run.
using RefusalList = std::vector<v1::Refusal>;

// What came, what was wanted and what to do, twice.
struct Sentence {
  std::string english;
  std::string chinese;
};

// A refusal for `reason` about the request's field at path `field` (empty when it is about the
// whole). `source` names the article, standard or pack rule that it rests on, empty for the door's.
v1::Refusal Refuse(Reason reason, std::string field, Sentence sentence, std::string source = {});

// The refusal for an engine's failure: STORE_FULL or STORE_UNAVAILABLE for UNAVAILABLE,
// STORE_CORRUPT for DATA_LOSS, DEADLINE_PASSED for DEADLINE_EXCEEDED, and INVARIANT_BROKEN for any
// other, because this program itself then used the engine wrongly. The engine's message is kept in
// English; it names files and never a key or a value. REQUIRES: !status.ok().
v1::Refusal RefusalFromEngine(const absl::Status& status);

// A value, or every refusal that stood in its way.
template <class T>
class Outcome {
 public:
  Outcome(T value) : state_(std::move(value)) {}                             // NOLINT: as StatusOr
  Outcome(v1::Refusal refusal) : state_(RefusalList{std::move(refusal)}) {}  // NOLINT
  // REQUIRES: at least one refusal.
  Outcome(RefusalList refusals) : state_(std::move(refusals)) {}  // NOLINT

  bool ok() const { return std::holds_alternative<T>(state_); }
  // REQUIRES: ok(). Ends the process otherwise: services are built to terminate on a broken
  // contract rather than to go on without a value.
  const T& value() const noexcept { return std::get<T>(state_); }
  T& value() noexcept { return std::get<T>(state_); }
  const T& operator*() const noexcept { return value(); }
  T& operator*() noexcept { return value(); }
  const T* operator->() const noexcept { return &value(); }
  T* operator->() noexcept { return &value(); }
  // REQUIRES: !ok(). The same.
  const RefusalList& refusals() const noexcept { return std::get<RefusalList>(state_); }
  RefusalList& refusals() noexcept { return std::get<RefusalList>(state_); }

 private:
  std::variant<T, RefusalList> state_;
};

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_REFUSAL_H_
