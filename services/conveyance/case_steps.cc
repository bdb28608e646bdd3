#include "services/conveyance/case_steps.h"

#include <array>
#include <string_view>
#include <utility>

#include "fmt/format.h"

namespace landbook::conveyance {
namespace {

using common::Reason;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A commit of one act, under the request's own county and id. Gives the act to be filled in.
template <class Request>
v1::Act& Begin(const Request& request, v1::CommitRequest* commit) {
  commit->set_county(request.county());
  commit->mutable_commit()->set_request_id(request.request_id());
  return *commit->mutable_commit()->add_acts();
}

template <class Request>
void TakeOverrides(const Request& request, v1::CommitRequest* commit) {
  *commit->mutable_commit()->mutable_overrides() = request.overrides();
}

v1::CommitRequest LapseIn(const Lapsed& lapsed, std::string_view what, v1::Act act) {
  v1::CommitRequest commit;
  commit.set_county(lapsed.county);
  commit.mutable_commit()->set_request_id(
      fmt::format("lapse-{}-{}-{}", what, lapsed.number, lapsed.etag));
  *commit.mutable_commit()->add_acts() = std::move(act);
  return commit;
}

void RefersTo(const v1::Reference& right, v1::Commit* commit) {
  if (right.target_case() == v1::Reference::TARGET_NOT_SET) return;
  *commit->add_acts()->mutable_issue_certificate()->mutable_right() = right;
}

v1::Reference MadeBy(int act) {
  v1::Reference reference;
  reference.mutable_created_by()->set_act(static_cast<std::uint32_t>(act));
  return reference;
}

// Adds the certificate of what the act at that position enters, if it enters anything that has one.
void AddCertificate(int position, v1::Commit* commit) {
  const v1::Act act = commit->acts(position);  // a copy: adding acts moves them
  switch (act.act_case()) {
    case v1::Act::kGrantRight:
      return RefersTo(MadeBy(position), commit);
    case v1::Act::kTransferRight:
      return RefersTo(act.transfer_right().right(), commit);
    case v1::Act::kVaryRight:
      return RefersTo(act.vary_right().right(), commit);
    case v1::Act::kRegisterMortgage:
      *commit->add_acts()->mutable_issue_certificate()->mutable_mortgage() = MadeBy(position);
      return;
    case v1::Act::kVaryMortgage:
      *commit->add_acts()->mutable_issue_certificate()->mutable_mortgage() =
          act.vary_mortgage().mortgage();
      return;
    default:
      return;
  }
}

// The act at `position` with its private values; a refusal when it is none that has any.
std::optional<v1::Refusal> PutPrivateValues(const v1::PrivateValues& values, int index,
                                            v1::Commit* commit) {
  const bool amends = values.act() < static_cast<std::uint32_t>(commit->acts_size()) &&
                      commit->acts(static_cast<int>(values.act())).has_amend_party();
  if (!amends) {
    return common::Refuse(
        Reason::VALUE_OUT_OF_RANGE, fmt::format("private_values[{}].act", index),
        {fmt::format("Act {} of the application amends no party. Name the acts that do.",
                     values.act()),
         fmt::format("申请的第 {} 个行为不是变更主体信息，请指明相应行为。", values.act())});
  }
  *commit->mutable_acts(static_cast<int>(values.act()))->mutable_amend_party() =
      values.amend_party();
  return std::nullopt;
}

// The kind of record that a reference field is about, by the name that acts give it.
v1::RecordKind KindNamed(std::string_view field) {
  constexpr std::array<std::pair<std::string_view, v1::RecordKind>, 9> kKinds = {{
      {"right", v1::RECORD_KIND_RIGHT},
      {"plot", v1::RECORD_KIND_PLOT},
      {"unit", v1::RECORD_KIND_UNIT},
      {"party", v1::RECORD_KIND_PARTY},
      {"household", v1::RECORD_KIND_PARTY},
      {"mortgage", v1::RECORD_KIND_MORTGAGE},
      {"caution", v1::RECORD_KIND_CAUTION},
      {"certificate", v1::RECORD_KIND_CERTIFICATE},
      {"resolution", v1::RECORD_KIND_RESOLUTION},
  }};
  for (const auto& [name, kind] : kKinds) {
    if (name == field) return kind;
  }
  return v1::RECORD_KIND_UNSPECIFIED;
}

// True when the message names a record, in its first field, and the etag that was seen of it.
std::optional<NamedVersion> NamedBy(Message* message) {
  const auto& type = *message->GetDescriptor();
  const FieldDescriptor* reference = type.FindFieldByNumber(1);
  const FieldDescriptor* etag = type.FindFieldByName("etag");
  if (reference == nullptr || etag == nullptr || reference->is_repeated() ||
      reference->message_type() != v1::Reference::descriptor()) {
    return std::nullopt;
  }
  const auto& named =
      static_cast<const v1::Reference&>(message->GetReflection()->GetMessage(*message, reference));
  const v1::RecordKind kind = KindNamed(reference->name());
  if (named.target_case() != v1::Reference::kNumber || kind == v1::RECORD_KIND_UNSPECIFIED) {
    return std::nullopt;
  }
  return NamedVersion{kind, named.number(), message};
}

void AddNamed(Message* message, std::vector<NamedVersion>* named) {
  if (auto found = NamedBy(message)) named->push_back(*found);
  std::vector<const FieldDescriptor*> fields;
  const auto& reflection = *message->GetReflection();
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      AddNamed(reflection.MutableMessage(message, field), named);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
      AddNamed(reflection.MutableRepeatedMessage(message, field, i), named);
    }
  }
}

}  // namespace

v1::CommitRequest StepOf(const v1::RequestSupplementRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_request_supplement() = request.supplement();
  return commit;
}

v1::CommitRequest StepOf(const v1::SupplementCaseRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_supplement_case() = request.supplement();
  TakeOverrides(request, &commit);
  return commit;
}

v1::CommitRequest StepOf(const v1::ReviewCaseRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_review_case() = request.review();
  return commit;
}

v1::CommitRequest StepOf(const v1::BeginNoticeRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_begin_notice() = request.notice();
  return commit;
}

v1::CommitRequest StepOf(const v1::ConcludeNoticeRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_conclude_notice() = request.notice();
  return commit;
}

v1::CommitRequest StepOf(const v1::RefuseCaseRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_refuse_case() = request.refusal();
  return commit;
}

v1::CommitRequest StepOf(const v1::RetractCaseRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_retract_case() = request.retraction();
  return commit;
}

v1::CommitRequest StepOf(const v1::SuspendCaseRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_suspend_case() = request.suspension();
  return commit;
}

v1::CommitRequest StepOf(const v1::ResumeCaseRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_resume_case() = request.resumption();
  return commit;
}

v1::CommitRequest StepOf(const v1::DeliverCertificateRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_deliver_certificate() = request.delivery();
  return commit;
}

v1::CommitRequest StepOf(const v1::ArchiveCaseRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_archive_case() = request.archive();
  return commit;
}

v1::CommitRequest StepOf(const v1::AmendCalendarRequest& request) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_amend_calendar() = request.calendar();
  return commit;
}

v1::CommitRequest AcceptanceOf(const v1::AcceptCaseRequest& request,
                               const v1::Application& application) {
  v1::CommitRequest commit;
  *Begin(request, &commit).mutable_accept_case()->mutable_application() = application;
  commit.mutable_commit()->set_legal_basis(application.legal_basis());
  TakeOverrides(request, &commit);
  return commit;
}

Outcome<v1::CommitRequest> RegistrationOf(const v1::RegisterCaseRequest& request,
                                          const v1::Application& application) {
  v1::CommitRequest asked;
  asked.set_county(request.county());
  v1::Commit& commit = *asked.mutable_commit();
  commit.set_request_id(request.request_id());
  commit.set_legal_basis(application.legal_basis());
  *commit.mutable_evidence() = application.evidence();
  *commit.mutable_acts() = application.acts();
  TakeOverrides(request, &asked);
  common::RefusalList refusals;
  for (int i = 0; i < request.private_values_size(); ++i) {
    if (auto refusal = PutPrivateValues(request.private_values(i), i, &commit)) {
      refusals.push_back(*std::move(refusal));
    }
  }
  if (!refusals.empty()) return refusals;
  *commit.add_acts()->mutable_register_case() = request.registration();
  if (!request.issue_certificates()) return asked;
  for (int i = 0; i < application.acts_size(); ++i) AddCertificate(i, &commit);
  return asked;
}

v1::CommitRequest LapseOfCaution(const Lapsed& lapsed) {
  v1::Act act;
  act.mutable_lapse_caution()->mutable_caution()->set_number(lapsed.number);
  act.mutable_lapse_caution()->set_etag(lapsed.etag);
  return LapseIn(lapsed, "caution", std::move(act));
}

v1::CommitRequest LapseOfCase(const Lapsed& lapsed) {
  v1::Act act;
  act.mutable_lapse_case()->mutable_case_()->set_number(lapsed.number);
  act.mutable_lapse_case()->set_etag(lapsed.etag);
  return LapseIn(lapsed, "case", std::move(act));
}

std::vector<NamedVersion> NamedVersions(v1::CommitRequest* request, int act_count) {
  std::vector<NamedVersion> named;
  for (int i = 0; i < act_count; ++i) {
    AddNamed(request->mutable_commit()->mutable_acts(i), &named);
  }
  return named;
}

void SetEtag(const NamedVersion& named, const std::string& etag) {
  named.holder->GetReflection()->SetString(
      named.holder, named.holder->GetDescriptor()->FindFieldByName("etag"), etag);
}

std::uint64_t NumberLeftBy(const v1::CommitResponse& response, v1::RecordKind kind) {
  for (const v1::ActResult& result : response.results()) {
    for (const v1::RecordName& record : result.records()) {
      if (record.kind() == kind) return record.number();
    }
  }
  return 0;
}

}  // namespace landbook::conveyance
