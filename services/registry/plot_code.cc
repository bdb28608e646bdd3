#include "services/registry/plot_code.h"

#include "fmt/format.h"
#include "services/common/division.h"
#include "services/common/row_check.h"
#include "services/law/codes.h"
#include "services/registry/sources.h"

namespace landbook::registry {
namespace {

bool HasDivisionDigits(std::string_view division) {
  return law::IsDigits(division, common::kVillageDigits) ||
         law::IsDigits(division, common::kGroupDigits);
}

const char* SourceOf(const v1::PlotKind& kind) {
  return kind.code_layout() == v1::PLOT_CODE_LAYOUT_CONTRACTED ? source::kContractCodes
                                                               : source::kUnitCode;
}

Sentence SayFault(Reason reason, const PlotCodeQuestion& question, const PlotCodeBasis& basis) {
  const std::string wanted = PlotCodePrefix(basis);
  switch (reason) {
    case Reason::PLOT_CODE_OF_ANOTHER_COUNTY:
      return {fmt::format("Plot code {} is not of county {}. Turn to its own county's book.",
                          question.code, question.county),
              fmt::format("代码 {} 不属于 {} 县（市、区），请向其所属登记机构办理。", question.code,
                          question.county)};
    case Reason::PLOT_CODE_NOT_OF_KIND:
      return {fmt::format("Plot code {} is not one of a plot of kind \"{}\": {} and 5 digits are "
                          "wanted.",
                          question.code, basis.kind->code(), wanted),
              fmt::format("代码 {} 与宗地种类“{}”不符，应为 {} 加 5 位顺序号。", question.code,
                          basis.kind->code(), wanted)};
    default:
      return {fmt::format("\"{}\" came where a plot code of 19 characters is wanted: {} and 5 "
                          "digits.",
                          question.code, wanted),
              fmt::format("收到“{}”，应为 19 位的宗地（地块）代码：{} 加 5 位顺序号。",
                          question.code, wanted)};
  }
}

}  // namespace

std::string PlotCodePrefix(const PlotCodeBasis& basis) {
  if (basis.kind->code_layout() == v1::PLOT_CODE_LAYOUT_CADASTRAL) {
    return basis.division.substr(0, common::kVillageDigits) + basis.kind->feature_letters();
  }
  std::string prefix = basis.division;
  prefix.resize(common::kGroupDigits, '0');
  return prefix;
}

std::optional<Reason> FaultOfPlotCode(const PlotCodeQuestion& question,
                                      const PlotCodeBasis& basis) {
  const auto fault = common::CheckPlotCode({*basis.kind, question.county}, question.code);
  if (fault == common::CodeFault::kOtherCounty) return Reason::PLOT_CODE_OF_ANOTHER_COUNTY;
  if (fault == common::CodeFault::kNotOfKind) return Reason::PLOT_CODE_NOT_OF_KIND;
  if (fault || !question.code.starts_with(PlotCodePrefix(basis)))
    return Reason::PLOT_CODE_MALFORMED;
  return std::nullopt;
}

bool IsDivisionOf(std::string_view county, std::string_view division) {
  return HasDivisionDigits(division) && division.starts_with(county);
}

bool CheckDivision(const std::string& division, std::string_view field, ActContext* context) {
  if (!HasDivisionDigits(division)) {
    context->Refuse(
        Reason::DIVISION_MALFORMED, field,
        {fmt::format("\"{}\" came where a division of 12 digits (village) or 14 (group) "
                     "is wanted.",
                     division),
         fmt::format("收到“{}”，行政区划代码应为 12 位（村）或 14 位（组）数字。", division)},
        source::kDivisions);
    return false;
  }
  const std::string& county = context->book().code();
  if (IsDivisionOf(county, division)) return true;
  context->Refuse(Reason::DIVISION_OF_ANOTHER_COUNTY, field,
                  {fmt::format("Division {} is not of county {}.", division, county),
                   fmt::format("行政区划 {} 不属于 {}。", division, county)},
                  source::kDivisions);
  return false;
}

bool PlotCodes::Take(const std::string& code, const PlotCodeBasis& basis, std::string_view field) {
  const PlotCodeQuestion question{code, context_->book().code()};
  if (const auto fault = FaultOfPlotCode(question, basis)) {
    context_->Refuse(*fault, field, SayFault(*fault, question, basis), SourceOf(*basis.kind));
    return false;
  }
  const bool twice = !taken_.insert(code).second;
  if (!twice && !context_->FindByCode(v1::RECORD_KIND_PLOT, code)) return true;
  context_->Refuse(
      Reason::CODE_ALREADY_USED, field,
      {fmt::format("Plot code {} was used before; codes are never used again. Leave it "
                   "empty to be given the next one.",
                   code),
       fmt::format("代码 {} 曾被使用，不得重复使用；留空则由登簿分配下一号。", code)},
      SourceOf(*basis.kind));
  return false;
}

std::optional<std::string> PlotCodes::Allocate(const PlotCodeBasis& basis, std::string_view field) {
  const std::string prefix = PlotCodePrefix(basis);
  constexpr std::uint64_t kEnd = 100'000;
  const auto next = context_->NextSerial("plot " + prefix, kPlotSerialDigits);
  for (std::uint64_t serial = next.value_or(kEnd); serial < kEnd; ++serial) {
    std::string code = fmt::format("{}{:0{}}", prefix, serial, kPlotSerialDigits);
    if (taken_.insert(code).second) return code;
  }
  context_->Refuse(Reason::SERIAL_EXHAUSTED, field,
                   {fmt::format("The 99,999 codes that begin with {} are used up; codes are never "
                                "used again.",
                                prefix),
                    fmt::format("以 {} 开头的 99999 个代码已用尽；代码不得重复使用。", prefix)},
                   SourceOf(*basis.kind));
  return std::nullopt;
}

}  // namespace landbook::registry
