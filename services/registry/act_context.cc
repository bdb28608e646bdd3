#include "services/registry/act_context.h"

#include <charconv>

#include "fmt/format.h"
#include "services/registry/record_codes.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

std::string SayReference(const v1::Reference& reference) {
  switch (reference.target_case()) {
    case v1::Reference::kNumber:
      return fmt::format("number {}", reference.number());
    case v1::Reference::kCode:
      return fmt::format("code {}", reference.code());
    default:
      return fmt::format("what act {} creates", reference.created_by().act());
  }
}

// The records that a piece of evidence names are in the book, and of what it is evidence for.
bool CheckNamedBy(const v1::Evidence& piece, const std::string& field, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const auto out_of_place = [&](const std::string& name) {
    context->Refuse(Reason::FIELD_OF_ANOTHER_KIND, name,
                    {"Evidence of this kind names no such record. Leave it out, or state its kind.",
                     "该种类的材料不应引用此项记录，请删去或更正材料种类。"});
  };
  if (piece.has_resolution()) {
    context->Resolve(piece.resolution(), v1::RECORD_KIND_RESOLUTION, field + ".resolution");
    if (piece.kind() != v1::EVIDENCE_KIND_RESOLUTION) out_of_place(field + ".resolution");
  }
  if (piece.has_filing()) {
    context->Resolve(piece.filing(), v1::RECORD_KIND_FILING, field + ".filing");
    if (piece.kind() != v1::EVIDENCE_KIND_FILING) out_of_place(field + ".filing");
  }
  if (piece.has_signed_by()) {
    context->Resolve(piece.signed_by(), v1::RECORD_KIND_PARTY, field + ".signed_by");
  }
  return context->refusal_count() == before;
}

}  // namespace

ActContext::ActContext(Overlay* overlay, BookNumber book, CommitFacts facts)
    : overlay_(overlay),
      book_(book),
      facts_(std::move(facts)),
      fold_(overlay, book, facts_.sequence) {
  LANDBOOK_CHECK(facts_.commit != nullptr && facts_.verdict != nullptr);
  LANDBOOK_CHECK(facts_.policy != nullptr && facts_.rules != nullptr);
  const auto acts = static_cast<std::size_t>(facts_.commit->acts_size());
  records_.reserve(acts);
  created_.reserve(acts);
  if (const auto loaded = Find<v1::BookRecord>(0)) book_record_ = loaded->record;
}

void ActContext::BeginAct(std::uint32_t act, std::string_view name) {
  LANDBOOK_CHECK(act == records_.size());
  act_ = act;
  carried_over_ = false;
  breaches_.clear();
  notes_.clear();
  records_.emplace_back().set_act(std::string(name));
  created_.emplace_back();
}

v1::ActRecord& ActContext::record() {
  LANDBOOK_CHECK(!records_.empty());
  return records_.back();
}

std::string ActContext::PathOf(std::uint32_t act, std::string_view field) const {
  LANDBOOK_CHECK(act < records_.size());
  const std::string path = fmt::format("commit.acts[{}].{}", act, records_[act].act());
  return field.empty() ? path : fmt::format("{}.{}", path, field);
}

void ActContext::Refuse(Reason reason, std::string_view field, Sentence sentence,
                        std::string source) {
  refusals_.push_back(common::Refuse(reason, Path(field), std::move(sentence), std::move(source)));
}

void ActContext::Breach(Reason reason, std::string_view field, Sentence sentence,
                        std::string source) {
  if (!carried_over_) return Refuse(reason, field, std::move(sentence), std::move(source));
  AddBreach(common::Refuse(reason, "", std::move(sentence), std::move(source)));
}

bool ActContext::TakeEvidence(const google::protobuf::RepeatedField<std::uint32_t>& positions) {
  bool all = true;
  for (int i = 0; i < positions.size(); ++i) {
    if (positions[i] >= static_cast<std::uint32_t>(commit().evidence_size())) {
      Refuse(Reason::EVIDENCE_OUT_OF_RANGE, fmt::format("evidence[{}]", i),
             {fmt::format("Evidence {} is named, but the commit brings {} pieces, counted from 0.",
                          positions[i], commit().evidence_size()),
              fmt::format("所引用的第 {} 份材料不存在：本次提交共有 {} 份材料，从 0 起计。",
                          positions[i], commit().evidence_size())});
      all = false;
    } else {
      const v1::Evidence& piece = commit().evidence(static_cast<int>(positions[i]));
      all = CheckNamedBy(piece, fmt::format("evidence[{}]", i), this) && all;
      record().add_evidence(positions[i]);
    }
  }
  return all;
}

std::vector<const v1::Evidence*> ActContext::evidence() const {
  std::vector<const v1::Evidence*> pieces;
  LANDBOOK_CHECK(!records_.empty());
  for (const std::uint32_t position : records_.back().evidence()) {
    pieces.push_back(&commit().evidence(static_cast<int>(position)));
  }
  return pieces;
}

bool ActContext::HasEvidence(v1::EvidenceKind kind) const {
  for (const v1::Evidence* piece : evidence()) {
    if (piece->kind() == kind) return true;
  }
  return false;
}

std::optional<std::uint64_t> ActContext::ResolveCreated(const v1::CreatedBy& created_by,
                                                        v1::RecordKind kind) const {
  if (created_by.act() >= created_.size()) return std::nullopt;
  std::uint32_t seen = 0;
  for (const Created& created : created_[created_by.act()]) {
    if (created.kind == kind && seen++ == created_by.created()) return created.number;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ActContext::NumberOf(const v1::Reference& reference,
                                                  v1::RecordKind kind) const {
  switch (reference.target_case()) {
    case v1::Reference::kNumber:
      if (reference.number() == 0 || !state().Has(RecordKey(kind, reference.number()))) break;
      return reference.number();
    case v1::Reference::kCode:
      return FindByCode(kind, reference.code());
    case v1::Reference::kCreatedBy:
      return ResolveCreated(reference.created_by(), kind);
    case v1::Reference::TARGET_NOT_SET:
      break;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ActContext::Resolve(const v1::Reference& reference,
                                                 v1::RecordKind kind, std::string_view field) {
  if (reference.target_case() == v1::Reference::TARGET_NOT_SET) {
    Refuse(Reason::REFERENCE_MISSING, field,
           {"A record has to be named by number, code or the act that creates it.",
            "须以编号、代码或本次提交中创建它的行为指明一项记录。"});
    return std::nullopt;
  }
  const auto number = NumberOf(reference, kind);
  if (!number) {
    const std::string said = SayReference(reference);
    Refuse(Reason::REFERENCE_UNRESOLVED, field,
           {fmt::format("The book has no {} with {}.", v1::RecordKind_Name(kind).substr(12), said),
            fmt::format("登记簿中没有所指的记录（{}）。", said)});
  }
  return number;
}

bool ActContext::CheckEtag(v1::RecordKind kind, std::uint64_t from, const std::string& etag,
                           std::string_view field) {
  const std::string current =
      from == facts_.sequence ? std::string(kEtagOfThisCommit) : std::to_string(from);
  if (etag == current) return true;
  const bool right = kind == v1::RECORD_KIND_RIGHT;
  Refuse(
      right ? Reason::RIGHT_HAS_MOVED : Reason::RECORD_MOVED, field,
      {fmt::format("The {} has changed since it was read: the act names etag {}, the book has {}. "
                   "Read it again.",
                   right ? "right" : "record", etag, current),
       fmt::format("该{}在读取后已变更：所附 etag 为 {}，登记簿为 {}。请重新读取。",
                   right ? "权利" : "记录", etag, current)});
  return false;
}

std::optional<std::uint64_t> ActContext::FindByCode(v1::RecordKind kind,
                                                    std::string_view code) const {
  return NumberOfCode(state(), kind, code);
}

std::vector<std::uint64_t> ActContext::Linked(Table table, std::uint64_t from) const {
  std::vector<std::uint64_t> numbers;
  state().Scan(TableKey(table).U64(from),
               [&](std::string_view key, std::uint64_t, std::string_view) {
                 numbers.push_back(storage::ByteReader(key.substr(key.size() - 8)).ReadU64());
                 return true;
               });
  return numbers;
}

std::uint64_t ActContext::NextNumber(v1::RecordKind kind) const {
  return fold_.LastNumber(kind) + 1;
}

std::optional<std::uint64_t> ActContext::NextSerial(std::string_view family, int digits) const {
  LANDBOOK_CHECK(digits > 0 && digits < 19);
  std::uint64_t end = 1;
  for (int i = 0; i < digits; ++i) end *= 10;
  const std::uint64_t next = fold_.LastSerial(std::string(family)) + 1;
  if (next >= end) return std::nullopt;
  return next;
}

void ActContext::PutRecord(v1::RecordKind kind, std::uint64_t number,
                           const google::protobuf::Message& record) {
  std::string bytes = record.SerializeAsString();
  fold_.Apply(kind, number, bytes, DeriveFrom(kind, number, record));
  AddEffect(kind, number, std::move(bytes));
}

void ActContext::AddEffect(v1::RecordKind kind, std::uint64_t number, std::string bytes) {
  v1::Effect& effect = *record().add_effects();
  effect.set_kind(kind);
  effect.set_number(number);
  effect.set_record(std::move(bytes));
}

void ActContext::PutBoundary(std::uint64_t plot, std::uint8_t tier, std::string_view compact) {
  std::string bytes;
  if (!compact.empty()) {
    bytes.push_back(static_cast<char>(tier));
    bytes.append(compact);
  }
  fold_status_.Update(fold_.Apply(v1::RECORD_KIND_BOUNDARY, plot, bytes));
  AddEffect(v1::RECORD_KIND_BOUNDARY, plot, std::move(bytes));
}

void ActContext::PutBook(const v1::BookRecord& record) {
  Put(0, record);
  book_record_ = record;
}

absl::Status ActContext::status() const {
  absl::Status status = fold_status_;
  status.Update(overlay_->status());
  return status;
}

}  // namespace landbook::registry
