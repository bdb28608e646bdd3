#include "tools/landbook/findings_report.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "tools/landbook/findings_ground.h"
#include "tools/landbook/findings_page.h"
#include "tools/landbook/whole_file.h"

namespace landbook::tools {
namespace {

// What CLI11 asks for of a path that has to end so: empty when it does.
std::string EndsWith(const std::string& given, const std::string& ending, const std::string& what) {
  if (given.ends_with(ending)) return {};
  return fmt::format("{}, whose name ends in {}; '{}' came", what, ending, given);
}

std::set<ConcernedKey> AllPlots(const FindingsLedger& ledger) {
  std::set<ConcernedKey> keys;
  for (const auto& [key, plot] : ledger.plots()) keys.insert(key);
  return keys;
}

}  // namespace

void AddFindingsOptions(CLI::App& verb, FindingsPaths& paths) {
  verb.add_option("--findings", paths.package,
                  "write the findings, the plots concerned and the overlaps to this GeoPackage")
      ->check([](const std::string& given) {
        return EndsWith(given, ".gpkg", "findings are written as a GeoPackage");
      });
  verb.add_option("--report", paths.page, "write a report to read to this HTML file")
      ->check([](const std::string& given) {
        return EndsWith(given, ".html", "the report is written as a page");
      });
}

absl::StatusOr<FindingsReport> FindingsReport::Begin(const FindingsPaths& paths, int plane_epsg) {
  FindingsReport report(paths);
  if (paths.package.empty()) return report;
  auto file = FindingsFile::Create(paths.package, plane_epsg);
  if (!file.ok()) return file.status();
  report.file_ = *std::move(file);
  return report;
}

absl::Status FindingsReport::Add(const v1::Finding& finding) {
  if (!paths_.any()) return absl::OkStatus();
  ledger_.Add(finding);
  return file_ ? file_->Add(finding) : absl::OkStatus();
}

absl::Status FindingsReport::Finish(const GroundSource& source, const ImportReport& counts) {
  if (!paths_.any()) return absl::OkStatus();
  const auto ground = ReadGround(source, file_ ? AllPlots(ledger_) : ledger_.PlotsOfWorst());
  if (!ground.ok()) return ground.status();
  if (file_) {
    const absl::Status finished = file_->Finish(ledger_, *ground);
    if (!finished.ok()) return finished;
  }
  if (paths_.page.empty()) return absl::OkStatus();
  const auto page = HtmlOf(
      {source.flags.path, fmt::format("EPSG:{}", source.plane.epsg), counts, ledger_, *ground});
  return page.ok() ? WriteWholeFile(paths_.page, *page) : page.status();
}

}  // namespace landbook::tools
