#include "tools/landbook/package_import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "tools/exchange/package_check.h"
#include "tools/exchange/package_files.h"
#include "tools/exchange/side_text.h"
#include "tools/exchange/table_loader.h"
#include "tools/exchange/title_records.h"
#include "tools/landbook/book_titles.h"
#include "tools/landbook/findings_file.h"
#include "tools/landbook/import_job.h"
#include "tools/landbook/import_report.h"
#include "tools/landbook/interrupt.h"
#include "tools/landbook/package_rows.h"
#include "tools/landbook/text_file.h"
#include "tools/landbook/title_sender.h"

namespace landbook::tools {
namespace {

using Clock = std::chrono::steady_clock;
using exchange::PartyRecord;
using exchange::Scratch;

// Commits under way at once: the writer makes many of them durable together.
constexpr int kSenders = 16;
constexpr std::size_t kRecordsAtOnce = 256;

// Runs `work` on the records, several at once; the first failure is given.
template <typename Record, typename Work>
absl::Status ForEachAtOnce(const std::vector<Record>& records, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<absl::Status> outcomes(kSenders);
  std::vector<std::thread> threads;
  for (int i = 0; i < kSenders; ++i) {
    threads.emplace_back([&, i] {
      absl::Status& outcome = outcomes[static_cast<std::size_t>(i)];
      for (std::size_t at = next++; at < records.size() && outcome.ok(); at = next++) {
        outcome = work(at);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  absl::Status status;
  for (const absl::Status& outcome : outcomes) status.Update(outcome);
  return status;
}

// One import of a package, from its files to its report.
class PackageImport {
 public:
  PackageImport(const Command& command, Session& session, const PackageOptions& options)
      : command_(command), session_(session), options_(options) {}

  absl::Status Run() {
    const Clock::time_point begun = Clock::now();
    absl::Status status = ReadFiles();
    if (status.ok()) status = CheckRole();
    if (status.ok()) status = LoadTables();
    if (status.ok()) status = ImportLayers();
    if (status.ok()) status = CheckRest();
    if (status.ok() && !options_.dry_run && has_titles_) status = EnterTitles();
    if (!status.ok()) return status;
    const std::chrono::duration<double> took = Clock::now() - begun;
    const absl::StatusOr<ImportReport> report = Report(took.count());
    if (!report.ok()) return report.status();
    AnswerReport(command_, *report);
    return options_.findings_path.empty() ? absl::OkStatus() : SaveFindings();
  }

 private:
  // --- Reading -----------------------------------------------------------------------------------

  absl::Status ReadFiles() {
    const absl::StatusOr<v1::County> county = CountyOf(session_);
    if (!county.ok()) return county.status();
    plane_ = PlaneOfBook(*county);
    if (!options_.mapping_path.empty()) {
      const auto text = ReadTextFile(options_.mapping_path);
      if (!text.ok()) return text.status();
      auto mapping = exchange::ParseFieldMapping(*text);
      if (!mapping.ok()) return mapping.status();
      mapping_ = *std::move(mapping);
    }
    auto files = exchange::FindPackage(options_.source.path, mapping_);
    if (!files.ok()) return files.status();
    files_ = *std::move(files);
    auto scratch = Scratch::Open();
    if (!scratch.ok()) return scratch.status();
    scratch_ = *std::move(scratch);
    return exchange::MakeTables(*scratch_);
  }

  // Who may not enter rights is told before anything is sent: no party has this code.
  absl::Status CheckRole() {
    for (const exchange::TableLayout& table : exchange::AllTables()) {
      has_titles_ |= table.geometry == geo::LayerGeometry::kNothing &&
                     table.name != exchange::kSideTable && files_.tables.contains(table.name);
    }
    if (!has_titles_ || options_.dry_run) return absl::OkStatus();
    return FindParty(session_, "0").status();
  }

  absl::Status LoadTables() {
    exchange::LoadOptions options{options_.source.encoding, &mapping_};
    std::vector<std::string> missing;
    ProgressBar progress(command_.err, command_.err_is_terminal);
    for (const exchange::TableLayout& table : exchange::AllTables()) {
      const auto source = files_.tables.find(table.name);
      if (source == files_.tables.end()) {
        if (table.name != exchange::kSideTable) missing.push_back(table.name);
        continue;
      }
      if (InterruptWatch::Interrupted())
        return absl::CancelledError("stopped while reading tables");
      progress.Begin("reading " + table.name);
      const auto loaded = exchange::LoadTable(*scratch_, table, source->second, options);
      if (!loaded.ok()) return loaded.status();
      read_[table.name] = static_cast<std::uint32_t>(loaded->rows);
      if (!loaded->note.empty()) notes_.push_back(loaded->note);
    }
    if (has_titles_ && !files_.tables.contains("DK")) {
      return absl::InvalidArgumentError(
          "the package has attribute tables and no layer DK: there are no plots to hold rights in");
    }
    if (has_titles_ && !missing.empty()) {
      notes_.push_back(fmt::format("the package has no {}", fmt::join(missing, ", ")));
    }
    absl::Status status = exchange::LinkBoundaries(*scratch_);
    if (status.ok()) {
      status = exchange::CheckRecords(*scratch_, session_.settings().county);
    }
    return status;
  }

  // --- Plots -------------------------------------------------------------------------------------

  absl::Status ImportLayers() {
    for (const PlotLayer& layer : kPlotLayers) {
      const auto source = files_.tables.find(std::string(layer.table));
      if (source == files_.tables.end()) continue;
      if (absl::Status imported = ImportLayer(layer, source->second); !imported.ok()) {
        return imported;
      }
    }
    return absl::OkStatus();
  }

  absl::Status ImportLayer(const PlotLayer& layer, const exchange::TableSource& file) {
    SourceFlags flags = options_.source;
    flags.path = file.path;
    flags.layer = file.layer;
    absl::StatusOr<LayerSource> source = OpenPlotLayer(layer, flags, mapping_);
    if (!source.ok()) return source.status();
    for (const std::string& note : source->reader->Info().notes) notes_.push_back(note);
    absl::StatusOr<RowConverter> converter = RowConverter::Make(*source, plane_);
    if (!converter.ok()) return converter.status();
    PlotDresser dresser(*scratch_, mapping_, converter->transformation());
    const bool is_dk = layer.table == "DK";
    const auto& fields = source->reader->Info().fields;
    const ImportJob::DressRow dress = [&](ConvertedRow& row) -> absl::Status {
      if (absl::Status status = RestoreText(*scratch_, std::string(layer.table), fields, row.row);
          !status.ok()) {
        return status;
      }
      return is_dk ? dresser.Dress(row) : DressParcel(row);
    };
    ProgressBar progress(command_.err, command_.err_is_terminal);
    v1::CreateImportRequest request;
    request.set_county(session_.settings().county);
    request.set_kind(layer.kind);
    request.set_source(file.path);
    request.set_dry_run(options_.dry_run);
    request.set_workers(options_.workers);
    absl::StatusOr<ImportJob> job = ImportJob::Create(session_, request, progress);
    if (!job.ok()) return job.status();
    const absl::Status sent = job->SendRows(*source->reader, *converter, dress);
    if (!sent.ok()) {
      job->Cancel().IgnoreError();
      return sent;
    }
    const absl::StatusOr<v1::Import> import = job->RunToEnd();
    if (!import.ok()) return import.status();
    return KeepImport(layer, *import, job->rows_sent());
  }

  absl::Status KeepImport(const PlotLayer& layer, const v1::Import& import, std::uint64_t sent) {
    absl::Status status = Reconcile(import, sent);
    if (!status.ok()) return status;
    TableReport report{std::string(layer.table), import.read(), import.accepted(),
                       import.unchanged(), import.rejected()};
    for (const v1::RuleCount& count : import.findings()) rules_[count.rule()] += count.count();
    rules_not_run_.insert(import.rules_not_run().begin(), import.rules_not_run().end());
    reports_.push_back(std::move(report));
    imports_.emplace_back(layer.table, import.number());
    return layer.table == "DK" ? MarkPlotsOut(import) : absl::OkStatus();
  }

  // Marks the rows of DK that the book did not take.
  absl::Status MarkPlotsOut(const v1::Import& import) {
    dk_import_ = import.number();
    std::set<std::int64_t> out;
    const absl::Status status = ForEachFinding(import.number(), [&](const v1::Finding& finding) {
      if (finding.severity() != v1::SEVERITY_ERROR) return absl::OkStatus();
      for (const std::int64_t row : {finding.row(), finding.other_row()}) {
        if (row >= 0) out.insert(row);
      }
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    if (out.size() != import.rejected()) {
      return absl::DataLossError(
          fmt::format("{} rows of DK are rejected and {} have an error: the counts do not agree",
                      import.rejected(), out.size()));
    }
    absl::StatusOr<exchange::Statement> mark =
        scratch_->Prepare("UPDATE DK SET bad = 1 WHERE row = ?");
    if (!mark.ok()) return mark.status();
    absl::Status marked;
    for (const std::int64_t row : out) {
      marked.Update(mark->Bind(row).Step().status());
      mark->Reset();
    }
    return marked;
  }

  absl::Status ForEachFinding(std::uint64_t import,
                              const std::function<absl::Status(const v1::Finding&)>& take) {
    v1::ListImportFindingsRequest request;
    request.set_county(session_.settings().county);
    request.set_import(import);
    grpc::ClientContext context;
    session_.Identify(context);
    auto pages = session_.registry().ListImportFindings(&context, request);
    v1::ListImportFindingsResponse page;
    absl::Status trouble;
    while (trouble.ok() && pages->Read(&page)) {
      for (const v1::Finding& finding : page.findings()) {
        if (trouble.ok()) trouble = take(finding);
      }
    }
    if (!trouble.ok()) context.TryCancel();
    const absl::Status outcome = session_.Outcome(pages->Finish());
    return trouble.ok() ? outcome : trouble;
  }

  absl::Status CheckRest() {
    absl::Status status = exchange::CheckBoundaryRows(*scratch_);
    if (status.ok()) status = exchange::CheckAfterPlots(*scratch_);
    return status;
  }

  // --- Parties and titles ------------------------------------------------------------------------

  absl::Status EnterTitles() {
    TitleSender sender(session_, dk_import_);
    ProgressBar progress(command_.err, command_.err_is_terminal);
    absl::Status status =
        EnterAll<PartyRecord>(sender, progress, "issuing parties", exchange::ForEachIssuer);
    if (status.ok()) {
      status = EnterAll<PartyRecord>(sender, progress, "contractors", exchange::ForEachContractor);
    }
    if (status.ok()) {
      status = EnterAll<exchange::TransferContractRecord>(sender, progress, "transfer contracts",
                                                          exchange::ForEachTransferContract);
    }
    return status;
  }

  template <typename Record, typename ForEach>
  absl::Status EnterAll(const TitleSender& sender, ProgressBar& progress, const std::string& label,
                        const ForEach& for_each) {
    progress.Begin(label);
    std::uint64_t done = 0;
    std::vector<Record> waiting;
    const auto flush = [&]() -> absl::Status {
      if (InterruptWatch::Interrupted()) {
        return absl::CancelledError("stopped; what was entered stays, and the same import goes on");
      }
      const absl::Status entered = EnterSome(sender, waiting);
      progress.Show(done += waiting.size(), 0);
      waiting.clear();
      return entered;
    };
    absl::Status status = for_each(*scratch_, [&](Record record) -> absl::Status {
      waiting.push_back(std::move(record));
      return waiting.size() < kRecordsAtOnce ? absl::OkStatus() : flush();
    });
    return status.ok() ? flush() : status;
  }

  template <typename Record>
  absl::Status EnterSome(const TitleSender& sender, const std::vector<Record>& records) {
    std::vector<EnteredRows> entered(records.size());
    const absl::Status status = ForEachAtOnce(records, [&](std::size_t at) -> absl::Status {
      auto rows = sender.Enter(records[at]);
      if (!rows.ok()) return rows.status();
      entered[at] = *std::move(rows);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    for (const EnteredRows& rows : entered) {
      for (const exchange::RowId& row : rows.unchanged) ++unchanged_[row.table];
      for (const auto& [row, said] : rows.rejected) {
        if (absl::Status told = exchange::TellRow(*scratch_, row, said); !told.ok()) return told;
      }
    }
    return absl::OkStatus();
  }

  // --- The report --------------------------------------------------------------------------------

  absl::StatusOr<ImportReport> Report(double seconds) {
    ImportReport report;
    report.seconds = seconds;
    report.tables = std::move(reports_);
    for (const exchange::TableLayout& table : exchange::AllTables()) {
      if (table.name == "DK" || !read_.contains(table.name)) continue;
      const auto out = scratch_->Count(
          fmt::format("SELECT count(*) FROM {} WHERE bad = 1", exchange::Quoted(table.name)));
      if (!out.ok()) return out.status();
      TableReport& one = report.tables.emplace_back();
      one.table = table.name;
      one.read = read_[table.name];
      one.rejected = static_cast<std::uint32_t>(*out);
      one.accepted = one.read - one.rejected;
      one.unchanged = unchanged_[table.name];
    }
    for (const TableReport& table : report.tables) {
      report.read += table.read;
      report.accepted += table.accepted;
      report.unchanged += table.unchanged;
      report.rejected += table.rejected;
    }
    auto counts = scratch_->Prepare("SELECT rule, count(*) FROM finding GROUP BY rule");
    if (!counts.ok()) return counts.status();
    for (auto row = counts->Step(); row.ok() && *row; row = counts->Step()) {
      rules_[counts->Text(0)] += static_cast<std::uint32_t>(counts->Integer(1));
    }
    report.findings = rules_;
    report.rules_not_run.assign(rules_not_run_.begin(), rules_not_run_.end());
    for (const std::string& note : notes_) command_.err << note << "\n";
    return report;
  }

  // The findings of all tables as points; a layer's own import draws its plots and overlaps too.
  absl::Status SaveFindings() {
    auto file = FindingsFile::Create(options_.findings_path, plane_.epsg);
    if (!file.ok()) return file.status();
    for (const auto& [table, import] : imports_) {
      const absl::Status saved = ForEachFinding(
          import, [&](const v1::Finding& finding) { return (*file)->Add(finding, table); });
      if (!saved.ok()) return saved;
    }
    auto rows = scratch_->Prepare(
        "SELECT tab, row, rule, severity, code, detail, english, chinese FROM finding "
        "ORDER BY tab, row, rule, detail, english");
    if (!rows.ok()) return rows.status();
    for (;;) {
      const absl::StatusOr<bool> row = rows->Step();
      if (!row.ok()) return row.status();
      if (!*row) return (*file)->Finish(FindingsLedger(), FindingsGround());
      v1::Finding finding;
      finding.set_row(rows->Integer(1));
      finding.set_other_row(-1);
      finding.set_rule(rows->Text(2));
      finding.set_severity(static_cast<v1::Severity>(rows->Integer(3)));
      finding.set_plot(rows->Text(4));
      finding.set_detail(rows->Text(5));
      finding.set_message_en(rows->Text(6));
      finding.set_message_zh(rows->Text(7));
      if (absl::Status added = (*file)->Add(finding, rows->Text(0)); !added.ok()) return added;
    }
  }

  const Command& command_;
  Session& session_;
  const PackageOptions& options_;
  const InterruptWatch interrupt_;
  TargetPlane plane_;
  exchange::FieldMapping mapping_;
  exchange::PackageFiles files_;
  std::unique_ptr<Scratch> scratch_;
  bool has_titles_ = false;
  std::uint64_t dk_import_ = 0;
  std::map<std::string, std::uint32_t> read_;
  std::map<std::string, std::uint32_t> unchanged_;
  std::map<std::string, std::uint32_t> rules_;
  std::set<std::string> rules_not_run_;
  std::vector<TableReport> reports_;
  std::vector<std::pair<std::string, std::uint64_t>> imports_;
  std::vector<std::string> notes_;
};

}  // namespace

absl::Status ImportPackage(const Command& command, Session& session,
                           const PackageOptions& options) {
  return PackageImport(command, session, options).Run();
}

}  // namespace landbook::tools
