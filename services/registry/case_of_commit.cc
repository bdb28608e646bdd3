#include "services/registry/case_of_commit.h"

#include <vector>

#include "landbook/v1/book.pb.h"
#include "landbook/v1/case.pb.h"
#include "services/registry/keys.h"
#include "services/registry/record_codes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// The case that a step names; null for acts that are none.
const v1::Reference* CaseNamed(const v1::Act& act) {
  switch (act.act_case()) {
    case v1::Act::kRequestSupplement:
      return &act.request_supplement().case_();
    case v1::Act::kSupplementCase:
      return &act.supplement_case().case_();
    case v1::Act::kReviewCase:
      return &act.review_case().case_();
    case v1::Act::kBeginNotice:
      return &act.begin_notice().case_();
    case v1::Act::kConcludeNotice:
      return &act.conclude_notice().case_();
    case v1::Act::kRegisterCase:
      return &act.register_case().case_();
    case v1::Act::kRefuseCase:
      return &act.refuse_case().case_();
    case v1::Act::kRetractCase:
      return &act.retract_case().case_();
    case v1::Act::kSuspendCase:
      return &act.suspend_case().case_();
    case v1::Act::kResumeCase:
      return &act.resume_case().case_();
    case v1::Act::kLapseCase:
      return &act.lapse_case().case_();
    case v1::Act::kDeliverCertificate:
      return &act.deliver_certificate().case_();
    case v1::Act::kArchiveCase:
      return &act.archive_case().case_();
    default:
      return nullptr;
  }
}

std::optional<std::uint64_t> NumberOfCase(const v1::Reference& reference,
                                          const VersionReader& state) {
  if (reference.target_case() == v1::Reference::kNumber) return reference.number();
  if (reference.target_case() != v1::Reference::kCode) return std::nullopt;
  return NumberOfCode(state, v1::RECORD_KIND_CASE, reference.code());
}

}  // namespace

std::optional<CaseOfCommit> CaseOf(const v1::Commit& commit, const VersionReader& state) {
  for (const v1::Act& act : commit.acts()) {
    const v1::Reference* named = CaseNamed(act);
    if (named == nullptr) continue;
    const auto number = NumberOfCase(*named, state);
    const auto bytes =
        number ? state.Value(RecordKey(v1::RECORD_KIND_CASE, *number)) : std::nullopt;
    v1::Case record;
    if (!bytes || !record.ParseFromString(*bytes)) return std::nullopt;
    return CaseOfCommit{*number, record.accepted_date(), record.pack()};
  }
  return std::nullopt;
}

std::optional<GoverningPack> GoverningPackOf(const std::optional<CaseOfCommit>& the_case,
                                             const VersionReader& state) {
  if (!the_case) return std::nullopt;
  const auto book_bytes = state.Value(RecordKey(v1::RECORD_KIND_BOOK, 0));
  v1::BookRecord book;
  LANDBOOK_CHECK(book_bytes.has_value() && book.ParseFromString(*book_bytes));
  if (book.pack() == the_case->pack) return std::nullopt;
  const auto bytes = state.Value(RecordKey(v1::RECORD_KIND_PACK, the_case->pack));
  v1::AdoptedPack adopted;
  LANDBOOK_CHECK(bytes.has_value() && adopted.ParseFromString(*bytes));
  const std::vector<std::string> texts(adopted.chain().begin(), adopted.chain().end());
  auto policy = common::Policy::FromAdopted(texts);
  LANDBOOK_CHECK(policy.ok());
  law::PackRules rules = law::PackRules::OfPolicy(*policy);
  return GoverningPack{*std::move(policy), std::move(rules)};
}

const v1::Application* ApplicationOf(const v1::Commit& commit) {
  for (const v1::Act& act : commit.acts()) {
    if (act.has_accept_case()) return &act.accept_case().application();
    if (act.has_supplement_case()) return &act.supplement_case().application();
  }
  return nullptr;
}

v1::Commit PlannedCommit(const v1::Application& application, const v1::Commit& brought_by) {
  v1::Commit planned;
  *planned.mutable_acts() = application.acts();
  *planned.mutable_evidence() = application.evidence();
  planned.set_legal_basis(application.legal_basis());
  planned.set_document_number(brought_by.document_number());
  // Whoever brings the application accepts the warnings of its acts, by their positions in it.
  *planned.mutable_overrides() = brought_by.overrides();
  return planned;
}

std::optional<v1::Commit> PlannedBy(const v1::Commit& commit) {
  const v1::Application* application = ApplicationOf(commit);
  if (application == nullptr) return std::nullopt;
  return PlannedCommit(*application, commit);
}

}  // namespace landbook::registry
