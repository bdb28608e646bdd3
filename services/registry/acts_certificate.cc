#include "services/registry/acts_certificate.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "landbook/v1/act.pb.h"
#include "services/common/civil_date.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_entry.h"
#include "services/registry/record_codes.h"
#include "services/registry/sources.h"
#include "services/registry/standing.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

constexpr int kSerialDigits = 7;

// What a certificate is of: a right, or a mortgage with the first right it is over.
struct Subject {
  StandingRight standing;
  std::optional<Loaded<v1::Mortgage>> mortgage;

  v1::RecordKind kind() const {
    return mortgage ? v1::RECORD_KIND_MORTGAGE : v1::RECORD_KIND_RIGHT;
  }
  std::uint64_t number() const { return mortgage ? mortgage->number : standing.right.number; }
};

std::optional<StandingRight> TakeStanding(std::uint64_t number, std::string_view field,
                                          ActContext* context) {
  auto right = context->Find<v1::Right>(number);
  if (!right || !CheckStands(right->record.state(), field, {"right", "权利"}, context)) {
    return std::nullopt;
  }
  auto land = TakeLand(right->record.unit(), field, context);
  if (!land) return std::nullopt;
  CheckNotExpired(right->record, field, context);
  return StandingRight{*std::move(right), *std::move(land), nullptr};
}

std::optional<Subject> TakeSubject(const v1::IssueCertificate& act, ActContext* context) {
  if (act.subject_case() == v1::IssueCertificate::kMortgage) {
    auto mortgage = context->Load<v1::Mortgage>(act.mortgage(), "mortgage");
    if (!mortgage ||
        !CheckStands(mortgage->record.state(), "mortgage", {"mortgage", "抵押权"}, context)) {
      return std::nullopt;
    }
    auto standing = TakeStanding(mortgage->record.rights(0), "mortgage", context);
    if (!standing) return std::nullopt;
    return Subject{*std::move(standing), *std::move(mortgage)};
  }
  if (act.subject_case() != v1::IssueCertificate::kRight) {
    context->Refuse(Reason::ONEOF_REQUIRED, "",
                    {"The act names neither a right nor a mortgage. Name one.",
                     "未指明权利或抵押权，请填写其一。"});
    return std::nullopt;
  }
  const auto number = context->Resolve(act.right(), v1::RECORD_KIND_RIGHT, "right");
  if (!number) return std::nullopt;
  auto standing = TakeStanding(*number, "right", context);
  if (!standing) return std::nullopt;
  return Subject{*std::move(standing), std::nullopt};
}

void CheckNoneStands(v1::RecordKind kind, std::uint64_t number, std::string_view field,
                     ActContext* context) {
  const auto standing = StandingCertificates(kind, number, *context);
  if (standing.empty()) return;
  const std::string& paper = standing.front().record.certificate_number();
  context->Refuse(Reason::CERTIFICATE_STANDS_ALREADY, field,
                  {fmt::format("Certificate {} states it and stands. Void that one first.", paper),
                   fmt::format("已有现势证书 {}，请先作废。", paper)},
                  source::kRegistration);
}

// The number on the paper by the pack's words, the day's year and the next serial of both; refused
// when the pack has no words or the serials of the year are used up.
std::optional<std::string> NextCertificateNumber(const Subject& subject, ActContext* context) {
  const v1::CertificateNumbering* words = context->policy().certificate_numbering();
  if (words == nullptr) {
    context->Refuse(Reason::CERTIFICATE_NUMBERING_UNSET, "",
                    {fmt::format("The county has not set how its certificates are numbered: policy "
                                 "pack {} has no certificate_numbering.",
                                 context->policy().code()),
                     fmt::format("本县尚未确定证书编号规则：政策包 {} 缺少 certificate_numbering。",
                                 context->policy().code())});
    return std::nullopt;
  }
  const std::string before =
      fmt::format("{}({}){}不动产{}第", words->province(), context->day().substr(0, 4),
                  words->registry(), subject.mortgage ? "证明" : "权");
  const auto serial = context->NextSerial("certificate " + before, kSerialDigits);
  if (!serial) {
    context->Refuse(
        Reason::SERIAL_EXHAUSTED, "",
        {fmt::format("The {} digits of the serials after {} are used up.", kSerialDigits, before),
         fmt::format("“{}”之后的 {} 位顺序号已用尽。", before, kSerialDigits)},
        words->source().document());
    return std::nullopt;
  }
  return fmt::format("{}{:0{}}号", before, *serial, kSerialDigits);
}

// A record as it stands, for the paper: with its number, without what a reader's answer adds.
template <typename Record>
Record Snapshot(const Loaded<Record>& loaded) {
  Record record = loaded.record;
  record.clear_name();
  record.clear_etag();
  record.clear_recorded_at();
  record.set_number(loaded.number);
  return record;
}

v1::Plot PlotSnapshot(const Loaded<v1::Plot>& loaded) {
  v1::Plot plot = Snapshot(loaded);
  plot.clear_boundary();
  plot.clear_recorded_area_mu();
  plot.clear_units();
  return plot;
}

v1::Certificate MakeCertificate(const Subject& subject, const std::string& number,
                                const ActContext& context) {
  v1::Certificate certificate;
  certificate.set_certificate_number(number);
  certificate.set_certificate_kind(subject.mortgage ? v1::CERTIFICATE_KIND_PROOF
                                                    : v1::CERTIFICATE_KIND_TITLE);
  *certificate.mutable_right() = Snapshot(subject.standing.right);
  if (subject.mortgage) {
    v1::Mortgage mortgage = Snapshot(*subject.mortgage);
    mortgage.clear_ranks();
    *certificate.mutable_mortgage() = std::move(mortgage);
  }
  *certificate.mutable_unit() = Snapshot(subject.standing.land.unit);
  *certificate.mutable_plot() = PlotSnapshot(subject.standing.land.plot);
  certificate.set_issued_date(context.day());
  certificate.set_state(v1::RECORD_STATE_LIVE);
  return certificate;
}

// The rights that an older register's certificate states; fewer where one is refused.
std::vector<StandingRight> TakeStatedRights(const v1::CarriedCertificate& act,
                                            ActContext* context) {
  std::vector<StandingRight> rights;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < act.rights_size(); ++i) {
    const std::string field = fmt::format("rights[{}]", i);
    const auto number = context->Resolve(act.rights(i), v1::RECORD_KIND_RIGHT, field);
    if (!number) continue;
    if (!seen.insert(*number).second) {
      context->Refuse(Reason::VALUE_OUT_OF_RANGE, field,
                      {fmt::format("Right {} is named twice. Name each right once.", *number),
                       fmt::format("第 {} 号权利重复出现，每项权利只列一次。", *number)});
      continue;
    }
    auto standing = TakeStanding(*number, field, context);
    if (!standing) continue;
    CheckNoneStands(v1::RECORD_KIND_RIGHT, *number, field, context);
    rights.push_back(*std::move(standing));
  }
  return rights;
}

void CheckCarriedCertificate(const v1::CarriedCertificate& act, ActContext* context) {
  if (act.rights().empty()) {
    context->Refuse(Reason::REFERENCE_MISSING, "rights",
                    {"The certificate states no right. Name those that it states.",
                     "证书未载明任何权利，请列出其所载权利。"});
  }
  if (!common::ParseCivilDate(act.issued_date())) {
    context->Refuse(
        Reason::DATE_MALFORMED, "issued_date",
        {fmt::format("\"{}\" came where a date as YYYY-MM-DD is wanted.", act.issued_date()),
         fmt::format("收到“{}”，应为 YYYY-MM-DD 形式的日期。", act.issued_date())});
  }
  CheckKeyText(act.certificate_number(), "certificate_number", context);
  if (!context->FindByCode(v1::RECORD_KIND_CERTIFICATE, act.certificate_number())) return;
  context->Refuse(Reason::CODE_ALREADY_USED, "certificate_number",
                  {fmt::format("Certificate {} is in the book already. Compare the paper.",
                               act.certificate_number()),
                   fmt::format("登记簿中已有证书 {}，请核对原证。", act.certificate_number())});
}

v1::Certificate MakeCarriedCertificate(const v1::CarriedCertificate& act,
                                       const std::vector<StandingRight>& rights) {
  v1::Certificate certificate;
  certificate.set_certificate_number(act.certificate_number());
  certificate.set_certificate_kind(v1::CERTIFICATE_KIND_TITLE);
  for (const StandingRight& standing : rights) {
    const bool first = !certificate.has_right();
    v1::StatedRight* further = first ? nullptr : certificate.add_further_rights();
    *(first ? certificate.mutable_right() : further->mutable_right()) = Snapshot(standing.right);
    *(first ? certificate.mutable_unit() : further->mutable_unit()) = Snapshot(standing.land.unit);
    *(first ? certificate.mutable_plot() : further->mutable_plot()) =
        PlotSnapshot(standing.land.plot);
  }
  certificate.set_issued_date(act.issued_date());
  certificate.set_state(v1::RECORD_STATE_LIVE);
  *certificate.mutable_attributes() = act.attributes();
  return certificate;
}

void EndCertificate(Loaded<v1::Certificate> certificate, std::string_view cause,
                    ActContext* context) {
  certificate.record.set_state(v1::RECORD_STATE_ENDED);
  certificate.record.set_ended_cause(std::string(cause));
  context->Put(certificate.number, certificate.record);
}

}  // namespace

std::vector<std::uint64_t> CertificatesOf(v1::RecordKind kind, std::uint64_t number,
                                          const ActContext& context) {
  constexpr std::size_t kNumberBytes = 8;
  std::vector<std::uint64_t> numbers;
  const TableKey prefix =
      TableKey(Table::kCertificatesOf).U8(static_cast<std::uint8_t>(kind)).U64(number);
  context.state().Scan(prefix, [&](std::string_view key, std::uint64_t, std::string_view) {
    numbers.push_back(storage::ByteReader(key.substr(key.size() - kNumberBytes)).ReadU64());
    return true;
  });
  return numbers;
}

std::vector<Loaded<v1::Certificate>> StandingCertificates(v1::RecordKind kind, std::uint64_t number,
                                                          const ActContext& context) {
  std::vector<Loaded<v1::Certificate>> standing;
  for (const std::uint64_t found : CertificatesOf(kind, number, context)) {
    auto certificate = context.Find<v1::Certificate>(found);
    if (certificate && Stands(certificate->record)) standing.push_back(*std::move(certificate));
  }
  return standing;
}

void EndCertificates(v1::RecordKind kind, std::uint64_t number, std::string_view cause,
                     ActContext* context) {
  for (auto& certificate : StandingCertificates(kind, number, *context)) {
    EndCertificate(std::move(certificate), cause, context);
  }
}

void Decide(const v1::IssueCertificate& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const auto subject = TakeSubject(act, context);
  if (!subject) return;
  CheckNoneStands(subject->kind(), subject->number(), subject->mortgage ? "mortgage" : "right",
                  context);
  const auto number = NextCertificateNumber(*subject, context);
  if (!number || !MayPut(before, context)) return;
  v1::Certificate certificate = MakeCertificate(*subject, *number, *context);
  context->Create(certificate);
}

void EnterCertificate(const v1::CarriedCertificate& act, const Entry& entry, ActContext* context) {
  const std::size_t before = context->refusal_count();
  CheckCarriedCertificate(act, context);
  const auto rights = TakeStatedRights(act, context);
  if (context->refusal_count() != before) return;
  v1::Certificate certificate = MakeCarriedCertificate(act, rights);
  *certificate.mutable_origin() = entry.origin;
  context->Create(certificate);
}

void Decide(const v1::VoidCertificate& act, ActContext* context) {
  auto certificate =
      context->LoadToChange<v1::Certificate>(act.certificate(), act.etag(), "certificate");
  if (!certificate ||
      !CheckStands(certificate->record.state(), "certificate", {"certificate", "证书"}, context)) {
    return;
  }
  context->record().set_ground(act.ground());
  EndCertificate(*std::move(certificate), "voided", context);
}

}  // namespace landbook::registry
