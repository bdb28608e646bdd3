#include "services/registry/state_machine.h"

#include <algorithm>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/time_util.h"
#include "services/law/rule.h"
#include "services/registry/act_context.h"
#include "services/registry/acts_book_state.h"
#include "services/registry/case_of_commit.h"
#include "services/registry/commit_decision.h"
#include "services/registry/findings_judge.h"
#include "services/registry/imported_plots.h"
#include "services/registry/journal.h"
#include "services/registry/plot_entry.h"
#include "services/registry/record_codes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr std::uint32_t kFormatVersion = 1;

// The code that a record goes by, for kinds that have one.
std::string CodeOf(const View& view, BookNumber book, v1::RecordKind kind, std::uint64_t number) {
  const auto bytes = VersionReader(&view, book).Value(RecordKey(kind, number));
  if (!bytes) return "";
  const auto parsed = [&](auto record) {
    LANDBOOK_CHECK(record.ParseFromString(*bytes));
    return record;
  };
  switch (kind) {
    case v1::RECORD_KIND_PLOT:
      return parsed(v1::Plot()).code();
    case v1::RECORD_KIND_UNIT:
      return parsed(v1::Unit()).code();
    case v1::RECORD_KIND_CONTRACT:
      return parsed(v1::Contract()).code();
    case v1::RECORD_KIND_CERTIFICATE:
      return parsed(v1::Certificate()).certificate_number();
    case v1::RECORD_KIND_CASE:
      return parsed(v1::Case()).code();
    default:
      return "";
  }
}

// True when no version of the record holds before the entry.
bool CreatedBy(const View& view, BookNumber book, std::uint64_t sequence, v1::RecordKind kind,
               std::uint64_t number) {
  const auto history = VersionReader(&view, book).History(RecordKey(kind, number));
  return history.empty() || history.front().from >= sequence;
}

// Refusals by act, and within an act as its rules run.
void OrderRefusals(common::RefusalList* refusals) {
  const auto act_of = [](const v1::Refusal& refusal) {
    const std::string_view path = refusal.field();
    constexpr std::string_view kActs = "commit.acts[";
    if (!path.starts_with(kActs)) return -1;
    return std::atoi(path.substr(kActs.size()).data());
  };
  std::stable_sort(refusals->begin(), refusals->end(),
                   [&](const auto& a, const auto& b) { return act_of(a) < act_of(b); });
}

// Where an entry's header comes from.
struct HeaderSource {
  const ProposedCommit* proposed;
  const Moment* moment;
  const CommitFacts* facts;
  std::string_view book;  // its identity
  std::size_t act_count;
  std::uint64_t governing_pack = 0;  // number of an adopted pack that is not the one in force
};

v1::EntryHeader HeaderOf(const HeaderSource& source) {
  const ProposedCommit& proposed = *source.proposed;
  const Moment& moment = *source.moment;
  const CommitFacts& facts = *source.facts;
  v1::EntryHeader header;
  header.set_format_version(kFormatVersion);
  header.set_book(std::string(source.book));
  header.set_sequence(moment.sequence);
  header.set_recorded_micros(moment.recorded_micros);
  header.set_first_leaf(moment.first_leaf);
  header.set_act_count(static_cast<std::uint32_t>(source.act_count));
  *header.mutable_actor() = proposed.actor;
  header.set_legal_basis(proposed.commit.legal_basis());
  header.set_document_number(proposed.commit.document_number());
  header.set_hand_made(IsMadeByHand(facts));
  *header.mutable_evidence() = proposed.commit.evidence();
  for (const v1::Override& accepted : proposed.commit.overrides()) {
    if (law::RuleNamed(accepted.rule()) != nullptr) *header.add_overrides() = accepted;
  }
  header.set_request_id(proposed.commit.request_id());
  header.set_request_hash(proposed.request_hash);
  const bool was_checked =
      !proposed.verdict.windows.empty() || !proposed.verdict.control_layers.empty();
  // What an application brings is checked again, and kept, when it is registered.
  if (was_checked && ApplicationOf(proposed.commit) == nullptr) {
    *header.mutable_verdict() = VerdictForHeader(proposed.verdict, *facts.policy, proposed.commit);
  }
  header.set_pack(facts.policy->code());
  header.set_pack_version(facts.policy->version());
  header.set_day(moment.day);
  header.set_case_number(facts.case_number);
  header.set_law_day(facts.law_day);
  header.set_governing_pack(source.governing_pack);
  return header;
}

void CollectCertificates(const ActContext& context, Applied* applied) {
  for (const auto& created : context.created()) {
    for (const auto& record : created) {
      if (record.kind == v1::RECORD_KIND_CERTIFICATE) {
        applied->certificates_issued.push_back(record.number);
      }
    }
  }
}

// What the acts' records change beside the state: certificates that end, a pack that comes in
// force.
void CollectEffects(const std::vector<v1::ActRecord>& records, Applied* applied) {
  for (const v1::ActRecord& record : records) {
    for (const v1::Effect& effect : record.effects()) {
      if (effect.kind() == v1::RECORD_KIND_PACK) applied->pack_changed = true;
      if (effect.kind() != v1::RECORD_KIND_CERTIFICATE) continue;
      v1::Certificate certificate;
      LANDBOOK_CHECK(certificate.ParseFromString(effect.record()));
      if (certificate.state() == v1::RECORD_STATE_ENDED) {
        applied->certificates_ended.push_back(effect.number());
      }
    }
  }
}

// The code that an act brings for a new plot; null when it brings none that a key can hold.
const std::string* CodeOfNewPlot(const v1::Act& act) {
  const std::string* code = nullptr;
  if (act.has_establish_plot()) code = &act.establish_plot().plot().code();
  if (act.has_carry_over()) code = &act.carry_over().plot().plot().code();
  const bool is_key = code != nullptr && !code->empty() && code->size() <= kKeyTextBytesMax;
  return is_key ? code : nullptr;
}

// An import's acts look for the codes that they bring, each for its own: here all are looked for at
// once, which costs a third.
void LookAheadForCodes(const v1::Commit& commit, BookNumber book, Overlay* changes) {
  constexpr int kManyActs = 100;
  if (commit.acts_size() < kManyActs) return;
  std::vector<std::string> keys;
  for (const v1::Act& act : commit.acts()) {
    const std::string* code = CodeOfNewPlot(act);
    if (code != nullptr) keys.push_back(KeyOfCode(book, v1::RECORD_KIND_PLOT, *code));
  }
  std::sort(keys.begin(), keys.end());
  changes->GetAll(keys);
}

// Puts the entry into the journal and the memory of its request beside it. Gives its leaves, the
// header's first.
std::vector<std::string_view> PutEntry(const v1::EntryHeader& header,
                                       const std::vector<v1::ActRecord>& records, BookNumber book,
                                       Overlay* changes) {
  std::vector<std::string_view> leaves;
  leaves.reserve(records.size() + 1);
  const auto put = [&](const std::string& bytes) {
    const auto leaf = static_cast<std::uint32_t>(leaves.size());
    leaves.push_back(changes->PutFirst(JournalKey(book, header.sequence(), leaf), bytes));
  };
  put(header.SerializeAsString());
  for (const v1::ActRecord& record : records) put(record.SerializeAsString());
  Fold(changes, book, header.sequence()).Remember(header);
  return leaves;
}

// The book's own record while the book is being prepared.
std::optional<v1::BookRecord> PreparingBook(const VersionReader& state) {
  const auto bytes = state.Value(RecordKey(v1::RECORD_KIND_BOOK, 0));
  v1::BookRecord book;
  const bool is_there = bytes && book.ParseFromString(*bytes);
  if (!is_there || book.state() != v1::BOOK_STATE_PREPARING) return std::nullopt;
  return book;
}

// Whether nothing is asked beside the plots, and nothing was said of them but warnings, which pass
// in an import. Whoever brings plots may bring the act that establishes them.
bool WantsOnlyItsPlots(const ProposedCommit& proposed) {
  const auto& findings = proposed.verdict.findings;
  const auto& roles = AccessTo(v1::Act::kEstablishPlot).roles();
  const bool passes = std::all_of(findings.begin(), findings.end(), [](const auto& found) {
    return found.finding.severity() == v1::SEVERITY_WARNING;
  });
  return passes && proposed.verdict.refusals.empty() && proposed.commit.acts_size() == 0 &&
         !proposed.planned &&
         std::find(roles.begin(), roles.end(), proposed.actor.role()) != roles.end();
}

// The plots' kind in a pack; null when the pack has another kind by that name, or none.
const v1::PlotKind* KindOf(const ImportedPlots& plots, const common::Policy& policy) {
  const v1::PlotKind* kind = policy.PlotKindNamed(plots.kind);
  const v1::Tier* tier = kind == nullptr ? nullptr : policy.TierNamed(kind->tier());
  return tier != nullptr && tier->number() == plots.tier ? kind : nullptr;
}

}  // namespace

void ProposedCommit::SpellOut() {
  if (plots == nullptr) return;
  const std::string request_id = commit.request_id();
  commit = ActsOf(*plots);
  commit.set_request_id(request_id);
  verdict.boundaries = BoundariesOf(*plots);
  plots = nullptr;
}

v1::CommitResponse ResponseFor(const v1::EntryHeader& header,
                               const std::vector<v1::ActRecord>& records, const View& view,
                               BookNumber book) {
  v1::CommitResponse response;
  response.set_sequence(header.sequence());
  *response.mutable_recorded_at() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(header.recorded_micros());
  response.set_first_leaf(header.first_leaf());
  for (const v1::ActRecord& record : records) {
    v1::ActResult& result = *response.add_results();
    result.set_act(record.act());
    std::set<std::pair<int, std::uint64_t>> told;
    for (const v1::Effect& effect : record.effects()) {
      if (effect.kind() == v1::RECORD_KIND_BOUNDARY || effect.kind() == v1::RECORD_KIND_BOOK) {
        continue;
      }
      if (!told.emplace(effect.kind(), effect.number()).second) continue;
      v1::RecordName& name = *result.add_records();
      name.set_kind(effect.kind());
      name.set_number(effect.number());
      name.set_code(CodeOf(view, book, effect.kind(), effect.number()));
      name.set_created(CreatedBy(view, book, header.sequence(), effect.kind(), effect.number()));
    }
    for (const v1::Finding& finding : record.findings()) *response.add_findings() = finding;
  }
  return response;
}

common::Outcome<Applied> StateMachine::Answered(const ProposedCommit& proposed,
                                                const std::string& memory,
                                                const View& batch) const {
  const auto request = DecodeAnsweredRequest(memory);
  LANDBOOK_CHECK(request.ok());
  if (request->request_hash != proposed.request_hash) {
    return common::Refuse(
        Reason::REQUEST_ID_REUSED, "commit.request_id",
        {fmt::format("Request id {} was answered before, for other content, by entry {}. Choose a "
                     "new id for a new request.",
                     proposed.commit.request_id(), request->sequence),
         fmt::format(
             "请求号 {} 已用于内容不同的另一请求（第 {} 号登簿记录）。新请求须用新的请求号。",
             proposed.commit.request_id(), request->sequence)});
  }
  const auto entry = ReadEntry(batch, book_, request->sequence);
  if (!entry.ok()) return common::RefusalFromEngine(entry.status());
  Applied applied;
  applied.response = ResponseFor(entry->header, entry->acts, batch, book_);
  return applied;
}

common::Outcome<Applied> StateMachine::Apply(const ProposedCommit& proposed, const Moment& moment,
                                             const PackInForce& pack, Overlay* batch) const {
  LANDBOOK_CHECK(moment.sequence > 0);
  const std::string& caller = proposed.actor.principal();
  if (const auto memory = batch->Get(RequestKey(book_, caller, proposed.commit.request_id()))) {
    return Answered(proposed, *memory, *batch);
  }
  Overlay changes(batch);
  LookAheadForCodes(proposed.commit, book_, &changes);
  const VersionReader state(&changes, book_);
  const auto the_case = CaseOf(proposed.commit, state);
  const auto governing = GoverningPackOf(the_case, state);
  const PackInForce governs = governing ? PackInForce{&governing->policy, &governing->rules} : pack;
  ActContext context(&changes, book_,
                     {.commit = &proposed.commit,
                      .actor = proposed.actor,
                      .sequence = moment.sequence,
                      .day = moment.day,
                      .case_number = the_case ? the_case->number : 0,
                      .law_day = the_case ? the_case->accepted_date : "",
                      .from_import = proposed.from_import,
                      .validate_only = proposed.validate_only,
                      .policy = governs.policy,
                      .rules = governs.rules,
                      .verdict = &proposed.verdict,
                      .vault = vault_});
  DecideCommit(proposed, &context);
  if (!context.status().ok()) return common::RefusalFromEngine(context.status());
  if (!context.refusals().empty()) {
    OrderRefusals(&context.refusals());
    return std::move(context.refusals());
  }
  const v1::EntryHeader header =
      HeaderOf({.proposed = &proposed,
                .moment = &moment,
                .facts = &context.facts(),
                .book = context.book().identity(),
                .act_count = static_cast<std::size_t>(proposed.commit.acts_size()),
                .governing_pack = governing ? the_case->pack : 0});
  Applied applied;
  // An import reads what it left from its own rows; ten thousand names would cost more than the
  // acts.
  static const std::vector<v1::ActRecord> kNone;
  applied.response =
      ResponseFor(header, proposed.from_import ? kNone : context.records(), changes, book_);
  if (proposed.validate_only) {
    applied.response.set_sequence(0);
    return applied;
  }
  applied.leaves = PutEntry(header, context.records(), book_, &changes);
  CollectCertificates(context, &applied);
  CollectEffects(context.records(), &applied);
  batch->Absorb(std::move(changes));
  return applied;
}

std::optional<Applied> StateMachine::Enter(const ProposedCommit& proposed, const Moment& moment,
                                           const PackInForce& pack, Overlay* batch) const {
  LANDBOOK_CHECK(proposed.plots != nullptr && proposed.from_import && !proposed.validate_only);
  if (!WantsOnlyItsPlots(proposed)) return std::nullopt;
  const std::string& caller = proposed.actor.principal();
  if (batch->Get(RequestKey(book_, caller, proposed.commit.request_id()))) return std::nullopt;
  const auto book = PreparingBook(VersionReader(batch, book_));
  const v1::PlotKind* kind = KindOf(*proposed.plots, *pack.policy);
  if (!book || kind == nullptr) return std::nullopt;

  Overlay changes(batch);
  CommitFacts facts;
  facts.actor = proposed.actor;
  facts.from_import = true;
  facts.policy = pack.policy;
  const auto& rows = proposed.plots->rows;
  const v1::EntryHeader header = HeaderOf({.proposed = &proposed,
                                           .moment = &moment,
                                           .facts = &facts,
                                           .book = book->identity(),
                                           .act_count = rows.size()});
  Applied applied;
  applied.leaves.reserve(rows.size() + 1);
  applied.leaves.push_back(
      changes.PutFirst(JournalKey(book_, moment.sequence, 0), header.SerializeAsString()));
  PlotEntry entry({book_, moment.sequence, proposed.plots.get(), kind, book->code()}, &changes);
  for (const PassedRow& row : rows) {
    if (!entry.Takes(row.staged)) return std::nullopt;
    applied.leaves.push_back(entry.Enter(row));
  }
  entry.fold().Remember(header);
  if (!changes.status().ok()) return std::nullopt;
  applied.response = ResponseFor(header, {}, changes, book_);
  batch->Absorb(std::move(changes));
  return applied;
}

}  // namespace landbook::registry
