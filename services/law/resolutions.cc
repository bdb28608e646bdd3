#include "services/law/resolutions.h"

#include <algorithm>
#include <string_view>

#include "fmt/format.h"
#include "services/law/facts.h"

namespace landbook::law {
namespace {

bool IsAbout(const v1::Resolution& resolution, const std::vector<v1::ResolutionMatter>& matters) {
  return std::any_of(matters.begin(), matters.end(), [&](v1::ResolutionMatter matter) {
    const auto& decided = resolution.matters();
    return std::find(decided.begin(), decided.end(), matter) != decided.end();
  });
}

bool MayRestOn(const v1::Resolution& resolution, const Question& question,
               const ResolutionAsked& asked) {
  const auto met = common::ParseCivilDate(resolution.meeting_date());
  if (!Stands(resolution) || !met || *met > question.days.today) return false;
  if (asked.plot == nullptr) return resolution.collective() == asked.collective;
  const auto collective = Find<v1::Party>(*question.state, resolution.collective());
  return collective && IsCollectiveOfLand(*collective, *asked.plot);
}

}  // namespace

ResolutionFound FindResolution(const Question& question, const ResolutionAsked& asked) {
  auto found = ResolutionFound::kNone;
  for (const v1::Evidence* piece : question.evidence) {
    if (piece->kind() != v1::EVIDENCE_KIND_RESOLUTION || !piece->has_resolution()) continue;
    const auto resolution = FindReferred<v1::Resolution>(*question.state, piece->resolution());
    if (!resolution || !IsAbout(resolution->record, asked.matters)) continue;
    if (MayRestOn(resolution->record, question, asked)) return ResolutionFound::kGood;
    found = ResolutionFound::kNotOfTheLand;
  }
  return found;
}

bool RequireResolution(const Question& question, const ResolutionAsked& asked, const Sentence& what,
                       Answer* answer) {
  switch (FindResolution(question, asked)) {
    case ResolutionFound::kGood:
      return true;
    case ResolutionFound::kNotOfTheLand:
      answer->RefuseBy(
          "D-12", Reason::RESOLUTION_MISSING, "evidence",
          {fmt::format(
               "The resolution on {} is another collective's, was revoked, or is of a day to "
               "come. Name one of the land's collective that stands.",
               what.english),
           fmt::format(
               "所引用的{}决议并非该土地所属集体作出，或者已撤销、尚未到会议日。请引用本集体"
               "现行有效的决议。",
               what.chinese)});
      return false;
    default:
      answer->Refuse(
          Reason::RESOLUTION_MISSING, "evidence",
          {fmt::format("No resolution of the collective on {} is named. Record it, and name it as "
                       "evidence of the act.",
                       what.english),
           fmt::format("未引用集体关于{}的决议。请先登记该决议，并列入本行为的材料。",
                       what.chinese)});
      return false;
  }
}

bool IsAtLeast(std::uint32_t counted, std::uint32_t whole, const Ratio& ratio) {
  return std::uint64_t{counted} * ratio.denominator >= std::uint64_t{whole} * ratio.numerator;
}

bool HasNoOrganisation(const v1::Party& collective) {
  constexpr std::string_view kVillagers[] = {"村民委员会", "村委会", "村民小组", "ommittee",
                                             "illagers' group"};
  const std::string& body = collective.collective().acting_body();
  return std::any_of(std::begin(kVillagers), std::end(kVillagers),
                     [&](std::string_view word) { return body.find(word) != std::string::npos; });
}

}  // namespace landbook::law
