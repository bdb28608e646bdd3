#include "services/registry/importer.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/common/control_rules.h"
#include "services/common/division.h"
#include "services/law/codes.h"
#include "services/registry/import_job.h"
#include "services/registry/sources.h"

namespace landbook::registry {
namespace {

using common::Reason;

v1::Refusal Unknown(std::uint64_t import) {
  return common::Refuse(
      Reason::IMPORT_UNKNOWN, "import",
      {fmt::format("The book has no import {}; imports are forgotten when the server ends.",
                   import),
       fmt::format("没有编号 {} 的导入；服务器重启后导入记录不再保留。", import)});
}

// Why the book takes no import of that request.
common::RefusalList RefuseRequest(const v1::CreateImportRequest& request, const Book& book,
                                  const common::Policy& policy) {
  common::RefusalList refusals;
  const v1::PlotKind* kind = policy.PlotKindNamed(request.kind());
  if (request.has_control()) {
    if (common::ControlRuleOf(request.control().layer()) == nullptr) {
      refusals.push_back(common::Refuse(
          Reason::CONTROL_LAYER_UNKNOWN, "control.layer",
          {fmt::format("There is no control layer \"{}\".", request.control().layer()),
           fmt::format("没有管控图层“{}”。", request.control().layer())},
          "docs/control-layers.md"));
    }
  } else if (request.kind().empty()) {
    refusals.push_back(common::Refuse(
        Reason::FIELD_REQUIRED, "kind",
        {"kind: an import of plots names their kind, an import of a control layer its control",
         "kind：导入宗地须写明宗地种类，导入管控图层须写明 control"}));
  } else if (kind == nullptr || policy.TierNamed(kind->tier()) == nullptr) {
    refusals.push_back(common::Refuse(
        Reason::PLOT_KIND_UNKNOWN, "kind",
        {fmt::format("The policy pack {} has no kind of plot \"{}\".", policy.code(),
                     request.kind()),
         fmt::format("政策包 {} 中没有宗地种类“{}”。", policy.code(), request.kind())}));
  }
  const std::string& division = request.allocate_division();
  if (!division.empty() && !law::IsDigits(division, common::kVillageDigits) &&
      !law::IsDigits(division, common::kGroupDigits)) {
    refusals.push_back(common::Refuse(
        Reason::DIVISION_MALFORMED, "allocate_division",
        {fmt::format("\"{}\" came where a division of 12 digits (village) or 14 (group) is wanted.",
                     division),
         fmt::format("收到“{}”，行政区划代码应为 12 位（村）或 14 位（组）数字。", division)},
        source::kDivisions));
  } else if (!division.empty() && !division.starts_with(book.code())) {
    refusals.push_back(
        common::Refuse(Reason::DIVISION_OF_ANOTHER_COUNTY, "allocate_division",
                       {fmt::format("Division {} is not of county {}.", division, book.code()),
                        fmt::format("行政区划 {} 不属于 {}。", division, book.code())},
                       source::kDivisions));
  }
  const EngineView view(&book.engine());
  if (book.ToWire(view).state() == v1::BOOK_STATE_CLOSED) {
    refusals.push_back(common::Refuse(
        Reason::BOOK_CLOSED, "county",
        {"The book is closed and takes no further act. Turn to the county whose book goes on.",
         "登簿已关闭，不再受理。请向接续的登记机构办理。"}));
  }
  return refusals;
}

}  // namespace

Importer::Importer(Book* book) : book_(book) {}

Importer::~Importer() {
  storage::MutexLock lock(mutex_);
  for (const auto& [number, job] : jobs_) job->Cancel();  // all at once, before each is waited for
}

common::Outcome<std::shared_ptr<ImportJob>> Importer::Find(std::uint64_t import) const {
  storage::MutexLock lock(mutex_);
  const auto found = jobs_.find(import);
  if (found == jobs_.end()) return Unknown(import);
  return found->second;
}

void Importer::ForgetOldest() {
  while (jobs_.size() >= kRememberedMax) {
    const auto oldest = std::find_if(
        jobs_.begin(), jobs_.end(), [](const auto& job) { return job.second->progress().ended(); });
    if (oldest == jobs_.end()) return;
    jobs_.erase(oldest);
  }
}

common::Outcome<v1::Import> Importer::Create(const v1::CreateImportRequest& request,
                                             const v1::Actor& actor) {
  auto policy = book_->writer().policy();
  if (auto refusals = RefuseRequest(request, *book_, *policy); !refusals.empty()) return refusals;
  storage::MutexLock lock(mutex_);
  const auto under_way = std::count_if(
      jobs_.begin(), jobs_.end(), [](const auto& job) { return !job.second->progress().ended(); });
  if (static_cast<std::size_t>(under_way) >= kUnderWayMax) {
    return common::Refuse(
        Reason::IMPORTS_TOO_MANY, "",
        {fmt::format("{} imports are under way in this book. Wait until one ends, or cancel one.",
                     kUnderWayMax),
         fmt::format("本登记簿已有 {} 项导入在进行，请等待其结束或取消其一。", kUnderWayMax)});
  }
  ForgetOldest();
  const std::uint64_t number = ++last_number_;
  auto job = std::make_shared<ImportJob>(
      ImportJob::Parts{book_, number, std::move(policy), request, actor,
                       under_way == 0 ? kRowsBytesAlone : kRowsBytesBesideOthers});
  jobs_.emplace(number, job);
  return job->progress().ToWire();
}

common::Outcome<v1::Import> Importer::AddRows(
    std::uint64_t import, google::protobuf::RepeatedPtrField<v1::ImportRow>&& rows) {
  auto job = Find(import);
  if (!job.ok()) return std::move(job.refusals());
  return (*job)->AddRows(std::move(rows));
}

common::Outcome<v1::Import> Importer::Run(std::uint64_t import) {
  auto job = Find(import);
  if (!job.ok()) return std::move(job.refusals());
  return (*job)->Run();
}

common::Outcome<v1::Import> Importer::Get(std::uint64_t import) const {
  auto job = Find(import);
  if (!job.ok()) return std::move(job.refusals());
  return (*job)->progress().ToWire();
}

std::optional<v1::Refusal> Importer::RefuseActsOf(std::uint64_t import,
                                                  const v1::Actor& actor) const {
  auto job = Find(import);
  if (!job.ok()) return std::move(job.refusals().front());
  if ((*job)->IsOf(actor) && !(*job)->is_dry_run()) return std::nullopt;
  return common::Refuse(
      Reason::IMPORT_OF_ANOTHER, "import",
      {fmt::format("Import {} is a dry run or another caller's; its acts are sent by who began it. "
                   "Begin an import of your own.",
                   import),
       fmt::format("编号 {} 的导入为试运行或由他人发起，请自行新建导入。", import)});
}

common::Outcome<v1::Import> Importer::Cancel(std::uint64_t import) {
  auto job = Find(import);
  if (!job.ok()) return std::move(job.refusals());
  (*job)->Cancel();
  return (*job)->progress().ToWire();
}

common::Outcome<FindingsPage> Importer::ListFindings(std::uint64_t import, const std::string& from,
                                                     std::size_t findings_max) const {
  auto job = Find(import);
  if (!job.ok()) return std::move(job.refusals());
  if (!(*job)->progress().ended()) {
    return common::Refuse(Reason::IMPORT_RUNNING, "import",
                          {"The import has not ended. Its findings are listed when it has.",
                           "该导入尚未结束，结束后方可列出检查结果。"});
  }
  FindingsPage page;
  auto next = (*job)->staging().ReadFindings(from, findings_max, &page.findings);
  if (!next.ok()) return common::RefusalFromEngine(next.status());
  page.next = *std::move(next);
  return page;
}

}  // namespace landbook::registry
