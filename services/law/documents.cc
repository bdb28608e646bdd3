#include "services/law/documents.h"

#include <algorithm>
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/law/facts.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

std::optional<v1::Plot> PlotOf(const v1::Reference& unit, const State& state) {
  const auto found = FindReferred<v1::Unit>(state, unit);
  return found ? Find<v1::Plot>(state, found->record.plot()) : std::nullopt;
}

bool HasAgent(const v1::Application& application) {
  return std::any_of(application.applicants().begin(), application.applicants().end(),
                     [](const v1::ApplicantReference& applicant) { return applicant.has_agent(); });
}

bool ChangesBoundary(const v1::Application& application) {
  return std::any_of(application.acts().begin(), application.acts().end(), [](const Act& act) {
    return act.has_split_plot() || act.has_merge_plots() ||
           (act.has_amend_plot() && act.amend_plot().has_boundary());
  });
}

bool HasStructure(const v1::Application& application, const State& state) {
  return std::any_of(application.units().begin(), application.units().end(),
                     [&](const v1::Reference& unit) {
                       const auto found = FindReferred<v1::Unit>(state, unit);
                       const auto plot = PlotOf(unit, state);
                       return (found && !found->record.structures().empty()) ||
                              (plot && !plot->structures().empty());
                     });
}

bool HasCertificate(const v1::Reference& right, const State& state) {
  const auto number = state.Resolve(right, v1::RECORD_KIND_RIGHT);
  return number &&
         !StandingRecords<v1::Certificate>(state, Link::kCertificatesOfRight, *number).empty();
}

bool CertificateStands(const v1::Application& application, const State& state) {
  return std::any_of(application.acts().begin(), application.acts().end(), [&](const Act& act) {
    const auto rights = RightsNamed(act);
    return std::any_of(rights.begin(), rights.end(),
                       [&](const v1::Reference& right) { return HasCertificate(right, state); });
  });
}

bool IsDue(v1::DocumentWhen when, const v1::Application& application, const State& state) {
  switch (when) {
    case v1::DOCUMENT_WHEN_AGENT:
      return HasAgent(application);
    case v1::DOCUMENT_WHEN_BOUNDARY_CHANGES:
      return ChangesBoundary(application);
    case v1::DOCUMENT_WHEN_STRUCTURE:
      return HasStructure(application, state);
    case v1::DOCUMENT_WHEN_CERTIFICATE_STANDS:
      return CertificateStands(application, state);
    default:
      return true;
  }
}

bool IsBrought(v1::EvidenceKind kind, const v1::Application& application) {
  return std::any_of(application.evidence().begin(), application.evidence().end(),
                     [&](const v1::Evidence& piece) { return piece.kind() == kind; });
}

}  // namespace

std::optional<v1::CaseKind> KindOf(const v1::Application& application, const Question& question) {
  const auto plot =
      application.units().empty() ? std::nullopt : PlotOf(application.units(0), *question.state);
  const std::string division = plot ? plot->division() : "";
  return question.pack->CaseKindNamed(application.kind(),
                                      {.day = question.days.law, .division = division});
}

std::vector<v1::DocumentRule> MissingDocuments(const v1::Application& application,
                                               const v1::CaseKind& kind, const Question& question) {
  std::vector<v1::DocumentRule> missing;
  std::set<v1::EvidenceKind> told;
  for (const v1::DocumentRule& document : kind.documents()) {
    if (!IsDue(document.when(), application, *question.state)) continue;
    if (IsBrought(document.kind(), application) || !told.insert(document.kind()).second) continue;
    missing.push_back(document);
  }
  return missing;
}

Sentence MissingSentence(const v1::DocumentRule& document) {
  return {fmt::format("Missing: {}.", document.title_en()),
          fmt::format("缺少：{}。", document.title_zh())};
}

std::vector<v1::Reference> RightsNamed(const v1::Act& act) {
  switch (act.act_case()) {
    case Act::kTransferRight:
      return {act.transfer_right().right()};
    case Act::kVaryRight:
      return {act.vary_right().right()};
    case Act::kExtinguishRight:
      return {act.extinguish_right().right()};
    case Act::kWithdrawRight:
      return {act.withdraw_right().right()};
    case Act::kTakeBackRight:
      return {act.take_back_right().right()};
    case Act::kAgreeRanks:
      return {act.agree_ranks().right()};
    case Act::kRegisterMortgage: {
      std::vector<v1::Reference> rights;
      for (const auto& version : act.register_mortgage().rights())
        rights.push_back(version.right());
      return rights;
    }
    default:
      return {};
  }
}

}  // namespace landbook::law
