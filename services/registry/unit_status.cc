#include "services/registry/unit_status.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/law/facts.h"
#include "services/law/mortgage_object.h"
#include "services/law/pack_rules.h"
#include "services/registry/record_reads.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::Outcome;
using common::Reason;

constexpr RecordWord kUnitWord{"unit", "不动产单元"};
constexpr std::size_t kHashBytes = 32;

// The standing ones of those numbers.
template <typename Record>
std::vector<Record> Standing(BookReader* reader, const std::vector<std::uint64_t>& numbers) {
  std::vector<Record> records;
  for (auto& record : reader->FindAll<Record>(numbers)) {
    if (record && record->state() == v1::RECORD_STATE_LIVE) records.push_back(*std::move(record));
  }
  return records;
}

// --- The consent.

common::RefusalList CheckConsent(const v1::GetUnitStatusRequest& request, const std::string& day) {
  common::RefusalList refusals;
  if (request.consent_date() > day) {
    refusals.push_back(common::Refuse(
        Reason::VALUE_OUT_OF_RANGE, "consent_date",
        {fmt::format("The consent is of {}, and today is {}. State the day on which it was given.",
                     request.consent_date(), day),
         fmt::format("同意书日期为 {}，今天是 {}。请填写出具同意书的日期。", request.consent_date(),
                     day)}));
  }
  if (request.consent_hash().size() != kHashBytes) {
    refusals.push_back(
        common::Refuse(Reason::VALUE_OUT_OF_RANGE, "consent_hash",
                       {fmt::format("{} bytes came; the SHA-256 or SM3 of the consent has 32.",
                                    request.consent_hash().size()),
                        fmt::format("收到 {} 字节；同意书的 SHA-256 或 SM3 摘要为 32 字节。",
                                    request.consent_hash().size())}));
  }
  return refusals;
}

v1::Refusal NoHolder(const v1::GetUnitStatusRequest& request) {
  return common::Refuse(
      Reason::CONSENT_MISSING, "consented_by",
      {fmt::format("Party {} holds no standing right in unit \"{}\". Its status is shown with the "
                   "written consent of a holder: name the party that gave it.",
                   request.consented_by(), request.unit()),
       fmt::format(
           "第 {} 号主体在不动产单元“{}”上没有现势权利。查询权属状况须经权利人书面同意，请填写"
           "出具同意书的权利人。",
           request.consented_by(), request.unit())});
}

bool Holds(std::uint64_t party, const v1::Right& right) {
  return std::any_of(right.holders().begin(), right.holders().end(),
                     [&](const v1::Holder& holder) { return holder.party() == party; });
}

// --- What is shown.

void AddMortgages(const std::vector<std::uint64_t>& rights, BookReader* reader,
                  v1::UnitStatus* status) {
  const auto mortgages =
      Standing<v1::Mortgage>(reader, reader->LinkedOfAll(Table::kMortgagesOfRight, rights));
  std::int64_t secured_fen = 0;
  for (const v1::Mortgage& mortgage : mortgages) {
    if (__builtin_add_overflow(secured_fen, mortgage.secured_fen(), &secured_fen)) {
      secured_fen = std::numeric_limits<std::int64_t>::max();
      break;
    }
  }
  status->set_mortgages(static_cast<std::uint32_t>(mortgages.size()));
  status->set_secured_fen(secured_fen);
}

// A caution past its last day has lost its effect by itself.
void AddCautions(std::uint64_t unit, const std::vector<std::uint64_t>& rights, BookReader* reader,
                 v1::UnitStatus* status) {
  for (const v1::Caution& caution :
       Standing<v1::Caution>(reader, reader->LinkedOfAll(Table::kCautionsOfUnit, {unit}))) {
    const bool of_these = caution.right() == 0 ||
                          std::find(rights.begin(), rights.end(), caution.right()) != rights.end();
    const bool expired = !caution.expiry_date().empty() && caution.expiry_date() < reader->day();
    if (of_these && !expired) status->add_cautions(caution.cause());
  }
}

// A building that a mortgage of the land would take along: on the plot, or a unit of the plot.
bool HasBuilding(const v1::Plot& plot, BookReader* reader) {
  if (!plot.structures().empty()) return true;
  const auto units =
      Standing<v1::Unit>(reader, reader->LinkedOfAll(Table::kUnitsOfPlot, {plot.number()}));
  return std::any_of(units.begin(), units.end(), [](const v1::Unit& unit) {
    return law::IsOfBuilding(unit) || !unit.structures().empty();
  });
}

// True when the pack in force lets the right secure a debt today.
bool IsMortgageable(const v1::Right& right, const v1::Plot& plot, const common::Policy& policy,
                    BookReader* reader) {
  const v1::RightType* type = policy.RightTypeNamed(right.type());
  const auto today = common::ParseCivilDate(reader->day());
  if (type == nullptr || !today) return false;
  const auto rule = law::PackRules::OfPolicy(policy).MortgageRuleFor(
      right.type(), {.day = *today, .division = plot.division()});
  if (!law::IsOpenToMortgage(*type, rule)) return false;
  return !law::NeedsBuildingToMortgage(*type, right.basis()) || HasBuilding(plot, reader);
}

}  // namespace

std::string ConsentDocument(const v1::GetUnitStatusRequest& request) {
  return fmt::format("consent of party {}, {}, {}", request.consented_by(), request.consent_date(),
                     absl::BytesToHexString(request.consent_hash()));
}

Outcome<v1::UnitStatus> GetUnitStatus(const Book& book, const CallContext& call,
                                      const v1::GetUnitStatusRequest& request) {
  auto reader = OpenReader(book, call, v1::ReadOptions());
  if (!reader.ok()) return std::move(reader.refusals());
  JudgeExpiry(book, v1::ReadOptions(), &*reader);
  auto faults = CheckConsent(request, reader->day());
  if (!faults.empty()) return faults;
  const auto number = reader->NumberOf(v1::RECORD_KIND_UNIT, request.unit());
  const auto unit = Found(*reader, number ? reader->Find<v1::Unit>(*number) : std::nullopt, "unit",
                          Said(kUnitWord, request.unit()));
  if (!unit.ok()) return unit.refusals();
  const auto plot = reader->Find<v1::Plot>(unit->plot());
  v1::UnitStatus status;
  status.set_unit(unit->code());
  status.set_plot_kind(plot ? plot->kind() : "");
  status.set_recorded_area_m2(plot ? plot->recorded_area_m2() : "");
  std::vector<std::uint64_t> rights;
  for (v1::Right& right :
       Standing<v1::Right>(&*reader, reader->LinkedOfAll(Table::kRightsOfUnit, {unit->number()}))) {
    if (!Holds(request.consented_by(), right)) continue;
    rights.push_back(right.number());
    status.add_mortgageable(plot &&
                            IsMortgageable(right, *plot, *book.writer().policy(), &*reader));
    *status.add_rights() = std::move(right);
  }
  if (rights.empty() && reader->status().ok()) return NoHolder(request);
  AddMortgages(rights, &*reader, &status);
  AddCautions(unit->number(), rights, &*reader, &status);
  status.set_sequence(reader->as_of());
  return Answered(*reader, std::move(status));
}

}  // namespace landbook::registry
