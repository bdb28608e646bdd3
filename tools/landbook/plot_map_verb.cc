// plot map: the plot sheet (宗地图) as PDF or PNG.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sheet/cairo_bridge.h"
#include "sheet/plot_sheet.h"
#include "tools/landbook/command.h"
#include "tools/landbook/plot_map_facts.h"
#include "tools/landbook/whole_file.h"

namespace landbook::tools {
namespace {

// What NY/T 2539 asks of pictures of plots at least.
constexpr int kDotsPerInch = 300;

struct MapOptions {
  std::string plot;
  std::string path;
  std::string as_of;
  sheet::Paper paper = sheet::Paper::kA4;
  std::int64_t denominator = 0;
};

absl::StatusOr<bool> WantsPdf(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  if (ending == ".pdf") return true;
  if (ending == ".png") return false;
  return UsageError(fmt::format("'{}' does not say which format: end it with .pdf or .png", path));
}

// "sheet.png", "sheet-2.png", ...
std::string PagePath(const std::string& path, std::size_t page) {
  if (page == 0) return path;
  const std::filesystem::path whole(path);
  const std::string name =
      fmt::format("{}-{}{}", whole.stem().string(), page + 1, whole.extension().string());
  return whole.parent_path().empty() ? name : (whole.parent_path() / name).string();
}

absl::StatusOr<std::vector<std::string>> WriteSheet(const sheet::Painter& painter,
                                                    const sheet::Drawing& drawing,
                                                    const std::string& path) {
  const absl::StatusOr<bool> pdf = WantsPdf(path);
  if (!pdf.ok()) return pdf.status();
  std::vector<std::string> files;
  for (std::size_t page = 0; page < (*pdf ? 1 : drawing.pages.size()); ++page) {
    const auto bytes = *pdf ? painter.Pdf(drawing) : painter.Png(drawing, page, kDotsPerInch);
    if (!bytes.ok()) return bytes.status();
    files.push_back(PagePath(path, page));
    const absl::Status written = WriteWholeFile(files.back(), *bytes);
    if (!written.ok()) return written;
  }
  return files;
}

absl::StatusOr<sheet::Drawing> DrawPlot(Session& session, const MapOptions& options,
                                        const sheet::Painter& painter) {
  const auto at = ReadPlotAtEntry(session, options.plot, options.as_of);
  if (!at.ok()) return at.status();
  const auto facts = ReadPlotFacts(session, *at);
  if (!facts.ok()) return facts.status();
  const sheet::TextRuler ruler = [&](const sheet::Text& text) { return painter.WidthMm(text); };
  sheet::SheetOptions sheet_options;
  sheet_options.paper = options.paper;
  if (options.denominator > 0) sheet_options.denominator = options.denominator;
  const auto plan = sheet::PlanSheet(*facts, sheet_options, ruler);
  if (!plan.ok()) return plan.status();
  const auto neighbours = ReadNeighbours(session, *at, plan->window);
  if (!neighbours.ok()) return neighbours.status();
  return sheet::DrawSheet(*facts, *neighbours, *plan, ruler);
}

absl::Status Map(const Command& command, Session& session, const MapOptions& options) {
  const auto painter = sheet::Painter::Open();
  if (!painter.ok()) return painter.status();
  const auto drawing = DrawPlot(session, options, **painter);
  if (!drawing.ok()) return drawing.status();
  const auto files = WriteSheet(**painter, *drawing, options.path);
  if (!files.ok()) return files.status();
  if (command.json()) {
    command.out << fmt::format("{{\"pages\":{},\"files\":{}}}\n", drawing->pages.size(),
                               files->size());
    return absl::OkStatus();
  }
  for (const std::string& file : *files) command.out << fmt::format("written to {}\n", file);
  return absl::OkStatus();
}

}  // namespace

void AddPlotMapVerb(CLI::App& plot, Command& command) {
  auto options = std::make_shared<MapOptions>();
  CLI::App* verb = plot.add_subcommand("map", "draw a plot's sheet (宗地图) as PDF or PNG");
  verb->add_option("CODE", options->plot, "the plot's number or any code it has or had")
      ->required();
  verb->add_option("--to", options->path, "the file to write, FILE.pdf or FILE.png")
      ->required()
      ->check([](const std::string& path) {
        const auto pdf = WantsPdf(path);
        return pdf.ok() ? std::string() : std::string(pdf.status().message());
      });
  const std::map<std::string, sheet::Paper> papers{{"A4", sheet::Paper::kA4},
                                                   {"A3", sheet::Paper::kA3}};
  verb->add_option("--paper", options->paper, "the paper's size; A4 if not given")
      ->transform(CLI::CheckedTransformer(papers))
      ->option_text("A4|A3");
  verb->add_option("--scale", options->denominator,
                   "N of 1:N; the largest standard scale that fits if not given")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}));
  verb->add_option("--as-of", options->as_of, "a recorded time, RFC 3339, or an entry's number");
  verb->callback([options, &command] {
    command.RunInCounty(
        [options, &command](Session& session) { return Map(command, session, *options); });
  });
}

}  // namespace landbook::tools
