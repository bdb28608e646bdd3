#include "services/registry/commit_handler.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "services/registry/case_of_commit.h"
#include "services/registry/commit_check.h"
#include "services/registry/control_layers.h"
#include "services/registry/private_vault.h"
#include "services/registry/request_hash.h"

namespace landbook::registry {
namespace {

using common::Reason;
using Answer = std::function<void(common::Outcome<v1::CommitResponse>)>;

std::optional<v1::Refusal> RefuseCount(const v1::Commit& commit) {
  if (commit.acts().empty()) {
    return common::Refuse(
        Reason::ACTS_REQUIRED, "commit.acts",
        {"The commit has no act. Name at least one.", "本次提交没有任何登记行为，至少须有一项。"});
  }
  if (commit.acts_size() > kActsMax) {
    return common::Refuse(
        Reason::TOO_MANY_ACTS, "commit.acts",
        {fmt::format("The commit has {} acts; at most {} happen together. Divide it.",
                     commit.acts_size(), kActsMax),
         fmt::format("本次提交有 {} 项行为，一次至多 {} 项，请分次提交。", commit.acts_size(),
                     kActsMax)});
  }
  return std::nullopt;
}

// What an import brings by acts: no boundaries, which come as rows, and nothing that a clerk
// decides.
bool IsOfImport(const v1::Act& act) {
  return act.has_register_party() || act.has_establish_unit() ||
         (act.has_carry_over() && !act.carry_over().has_plot());
}

std::optional<v1::Refusal> RefuseActOfImport(const v1::Commit& commit) {
  for (int i = 0; i < commit.acts_size(); ++i) {
    if (IsOfImport(commit.acts(i))) continue;
    return common::Refuse(
        Reason::IMPORT_ACT_NOT_TAKEN, fmt::format("commit.acts[{}]", i),
        {"An import's acts register parties, establish units, and carry over rights, contracts, "
         "mortgages and certificates. Send plots as rows, and any other act without the import.",
         "导入只登记主体、设立单元，以及承接权利、合同、抵押权和证书。宗地请以数据行提交，其他行为"
         "请另行提交。"});
  }
  return std::nullopt;
}

CommitVerdict CheckAgainst(const Book& book, const v1::Commit& commit) {
  const Position position = book.writer().position();
  const auto policy = book.writer().policy();
  const EngineView view(&book.engine());
  return CheckCommit({.commit = &commit,
                      .policy = policy.get(),
                      .epsg = book.epsg(),
                      .plane_extent = book.plane_extent(),
                      .sequence = position.sequence,
                      .day = TodayOf(book)},
                     VersionReader(&view, book.number(), position.sequence));
}

// With validate_only what stands in the way is the answer.
Answer Explaining(Answer answer) {
  return [answer = std::move(answer)](common::Outcome<v1::CommitResponse> outcome) {
    if (outcome.ok()) return answer(std::move(outcome));
    v1::CommitResponse response;
    for (v1::Refusal& refusal : outcome.refusals()) {
      *response.add_refusals() = std::move(refusal);
    }
    answer(std::move(response));
  };
}

bool Erases(const v1::Commit& commit) {
  return std::any_of(commit.acts().begin(), commit.acts().end(),
                     [](const v1::Act& act) { return act.has_erase_private_fields(); });
}

// Erased means gone from the disk too, so the answer waits until it is. What the disk does not let
// go of now goes with the next erasure or at the next opening; the act stands all the same.
Answer AfterPurging(std::shared_ptr<Book> book, common::WorkerPool& workers, Answer answer) {
  return [book, &workers, answer = std::move(answer)](common::Outcome<v1::CommitResponse> outcome) {
    if (!outcome.ok()) return answer(std::move(outcome));
    const bool taken = workers.Continue([book, answer, outcome] {
      (void)PurgeErased(book->mutable_engine(), book->number());
      answer(outcome);
    });
    if (!taken) answer(std::move(outcome));
  };
}

}  // namespace

void HandleCommit(std::shared_ptr<Book> book, common::WorkerPool& workers,
                  const common::CallContext& call, const v1::CommitRequest& request,
                  Answer answer) {
  if (request.validate_only()) answer = Explaining(std::move(answer));
  if (auto refusal = RefuseCount(request.commit())) return answer(*std::move(refusal));
  const bool of_import = request.import() != 0;
  if (of_import) {
    if (auto refusal = RefuseActOfImport(request.commit())) return answer(*std::move(refusal));
  }
  if (!request.validate_only() && Erases(request.commit())) {
    answer = AfterPurging(book, workers, std::move(answer));
  }
  const auto planned = std::make_shared<std::optional<v1::Commit>>(PlannedBy(request.commit()));
  const v1::Commit& checked = *planned ? **planned : request.commit();
  // That an application has acts at all is asked of its form.
  if (!checked.acts().empty()) {
    if (auto refusal = RefuseCount(checked)) return answer(*std::move(refusal));
  }
  const auto propose = [book, &call, &request, planned, answer, of_import](CommitVerdict verdict) {
    ProposedCommit proposed;
    proposed.commit = request.commit();
    proposed.actor = call.actor;
    if (of_import) proposed.actor.add_via("import");
    proposed.from_import = of_import;
    proposed.request_hash =
        RequestHash(book->suite(), book->keys().secrets().request, request.commit());
    proposed.validate_only = request.validate_only();
    proposed.verdict = std::move(verdict);
    proposed.planned = std::move(*planned);
    book->writer().Submit(std::move(proposed),
                          of_import ? BookWriter::Lane::kImport : BookWriter::Lane::kClerk, answer);
  };
  if (!NeedsCheck(checked)) return propose(CommitVerdict());
  const bool taken = workers.Submit([book, &call, &checked, answer, propose] {
    if (call.Ended()) return answer(common::DeadlinePassed());
    propose(CheckAgainst(*book, checked));
  });
  if (!taken) answer(common::Busy());
}

}  // namespace landbook::registry
