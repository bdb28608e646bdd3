#include "tools/landbook/package_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <span>
#include <utility>
#include <vector>

#include "geo/compact.h"
#include "geo/normalise.h"
#include "geo/projection.h"
#include "tools/exchange/side_text.h"
#include "tools/exchange/table_loader.h"
#include "tools/exchange/title_fields.h"
#include "tools/exchange/title_records.h"
#include "tools/landbook/json.h"
#include "tools/landbook/package_book.h"
#include "tools/landbook/package_rows.h"
#include "tools/landbook/package_survey.h"

namespace landbook::tools {
namespace {

using exchange::Column;
using exchange::Scratch;
using exchange::TableLayout;
using Values = std::span<const geo::Value>;

// The columns of a parcel layer (KTT_ZDJBXX), as wide as registration databases have them; any
// other attribute gets a column as wide as its values.
constexpr char kParcelColumns[] =
    "BSM:I10 YSDM:C10 ZDDM:C19 BDCDYH:C28 ZDTZM:C2 ZL:C200 ZDMJ:F15.2 MJDW:C2 YT:C4 QLLX:C2 "
    "QLXZ:C4 "
    "ZDSZD:C200 ZDSZN:C200 ZDSZX:C200 ZDSZB:C200 ZT:C2 QXDM:C6 DBR:C50 DJSJ:D";
constexpr std::size_t kTextMax = 254;

std::string Joined(const std::vector<std::string>& codes) {
  std::string text;
  for (const std::string& code : codes) text += (text.empty() ? "" : "/") + code;
  return text;
}

// A character takes at most a third more bytes in GB18030 than in UTF-8.
std::size_t WidthFor(std::size_t utf8_bytes) {
  return std::clamp<std::size_t>((utf8_bytes * 4 + 2) / 3, 1, kTextMax);
}

// A code of one digit that is 0 when none was stated.
std::string CodeText(std::uint8_t code) { return code == 0 ? "" : fmt::to_string(code); }

geo::RawVertex InMetres(geo::Vertex place) {
  return {geo::MetresFromSteps(place.x), geo::MetresFromSteps(place.y)};
}

RowValues AttributesOf(const v1::Plot& plot) {
  RowValues values;
  for (const v1::Attribute& attribute : plot.attributes()) {
    values[attribute.key()] = attribute.value();
  }
  return values;
}

absl::StatusOr<geo::Boundary> BoundaryOf(const v1::Plot& plot) {
  auto boundary = geo::DecodeCompact(plot.boundary().compact());
  if (boundary.ok()) return boundary;
  return absl::DataLossError(fmt::format("the boundary of plot {} cannot be read: {}", plot.code(),
                                         std::string(boundary.status().message())));
}

std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// One package under way.
class PackageExport {
 public:
  PackageExport(const Command& command, Session& session, const PackageExportOptions& options)
      : command_(command), session_(session), options_(options) {}

  absl::Status Run() {
    const absl::StatusOr<v1::County> county = CountyOf(session_);
    if (!county.ok()) return county.status();
    county_ = *county;
    auto scratch = Scratch::Open();
    if (!scratch.ok()) return scratch.status();
    scratch_ = *std::move(scratch);
    absl::Status status = exchange::MakeTables(*scratch_);
    if (status.ok()) status = ReadAll();
    if (!status.ok()) return status;
    auto writer = PackageWriter::Make(options_.files, county_, *scratch_);
    if (!writer.ok()) return writer.status();
    status = WriteAll(*writer);
    if (status.ok()) Answer(*writer);
    return status;
  }

 private:
  absl::Status ReadAll() {
    // Everything is read as of one entry.
    v1::ReadOptions read = ReadAsOf(options_.as_of);
    if (options_.as_of.empty()) read.set_sequence(county_.sequence());
    ProgressBar progress(command_.err, command_.err_is_terminal);
    return ReadBook(session_, read, progress, *scratch_, notes_);
  }

  absl::Status WriteAll(PackageWriter& writer) {
    absl::Status status = WriteDk(writer);
    for (const PlotLayer& layer : kPlotLayers) {
      if (status.ok() && layer.table != "DK") status = WriteParcels(writer, layer);
    }
    for (const TableLayout& table : exchange::AllTables()) {
      const bool attributes =
          table.geometry == geo::LayerGeometry::kNothing && table.name != exchange::kSideTable;
      if (status.ok() && attributes) status = WriteTable(writer, table);
    }
    if (status.ok()) status = writer.WriteSideTable();
    return status.ok() ? WriteMetadata(writer) : status;
  }

  // Tables and parcel layers without a row are not written.
  absl::Status WriteTable(PackageWriter& writer, const TableLayout& layout) {
    const auto rows =
        scratch_->Count(fmt::format("SELECT count(*) FROM {}", exchange::Quoted(layout.name)));
    if (!rows.ok() || *rows == 0) return rows.status();
    auto table = writer.Begin(layout);
    if (!table.ok()) return table.status();
    absl::Status status = ForEachTableRow(*scratch_, layout, [&](const RowValues& values) {
      return writer.Add(*table, values, [&](Values all) { return table->file->AddRow(all); });
    });
    return status.ok() ? writer.End(*table) : status;
  }

  // --- Plots -------------------------------------------------------------------------------------

  // Calls `take` with every plot of a kind, by code.
  absl::Status ForEachPlot(const std::string& kind,
                           const std::function<absl::Status(const v1::Plot&)>& take) {
    auto rows = scratch_->Prepare("SELECT bytes FROM plot WHERE kind = ? ORDER BY code");
    if (!rows.ok()) return rows.status();
    rows->Bind(kind);
    for (;;) {
      const auto row = rows->Step();
      if (!row.ok()) return row.status();
      if (!*row) return absl::OkStatus();
      v1::Plot plot;
      plot.ParseFromString(rows->Text(0));
      if (absl::Status taken = take(plot); !taken.ok()) return taken;
    }
  }

  // A layer of plots: `columns`, and one for every other attribute that a plot of the kind has.
  absl::StatusOr<TableLayout> LayoutOf(const PlotLayer& layer, std::vector<Column> columns) {
    std::map<std::string, std::size_t> widths;
    const absl::Status status = ForEachPlot(layer.kind, [&](const v1::Plot& plot) {
      for (const v1::Attribute& attribute : plot.attributes()) {
        std::size_t& width = widths[attribute.key()];
        width = std::max(width, attribute.value().size());
      }
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    for (const Column& column : columns) widths.erase(column.name);
    for (const auto& [name, bytes] : widths) {
      Column& column = columns.emplace_back();
      column.name = name;
      column.width = WidthFor(bytes);
    }
    return TableLayout{std::string(layer.table), geo::LayerGeometry::kPolygon, std::move(columns)};
  }

  absl::Status WriteDk(PackageWriter& writer) {
    const auto layout = LayoutOf(kPlotLayers[0], exchange::FindTable("DK")->columns);
    if (!layout.ok()) return layout.status();
    auto survey = SurveyRows::Make(*scratch_);
    if (!survey.ok()) return survey.status();
    auto table = writer.Begin(*layout);
    if (!table.ok()) return table.status();
    absl::Status status =
        ForEachPlot(kPlotLayers[0].kind, [&](const v1::Plot& plot) -> absl::Status {
          const auto boundary = BoundaryOf(plot);
          if (!boundary.ok()) return boundary.status();
          RowValues values = AttributesOf(plot);
          values["DKBM"] = plot.code();
          values["DKMC"] = plot.location();
          values["SCMJ"] = plot.stated_area_m2();
          if (absl::Status named = AddNeighbours(plot.code(), &values); !named.ok()) return named;
          const absl::Status put = writer.Add(*table, values, [&](Values all) {
            return table->file->AddPolygon(geo::RawOf(*boundary), all);
          });
          return put.ok() ? survey->Add(plot.code(), *boundary) : put;
        });
    if (status.ok()) status = writer.End(*table);
    if (status.ok()) status = WritePoints(writer, *survey);
    return status.ok() ? WriteLines(writer, *survey) : status;
  }

  absl::Status AddNeighbours(const std::string& code, RowValues* values) {
    for (const std::string_view field : exchange::PlotSourceFields()) {
      auto name = NameOf(*scratch_, fmt::format("DK.{}.{}", code, field));
      if (!name.ok()) return name.status();
      (*values)[std::string(field)] = *std::move(name);
    }
    return absl::OkStatus();
  }

  absl::Status WriteParcels(PackageWriter& writer, const PlotLayer& layer) {
    const auto plots = scratch_->Count(fmt::format("SELECT count(*) FROM plot WHERE kind = {}",
                                                   exchange::TextLiteral(layer.kind)));
    if (!plots.ok() || *plots == 0) return plots.status();
    const auto layout = LayoutOf(layer, exchange::ColumnsOf(kParcelColumns));
    if (!layout.ok()) return layout.status();
    auto table = writer.Begin(*layout);
    if (!table.ok()) return table.status();
    const absl::Status status = ForEachPlot(layer.kind, [&](const v1::Plot& plot) -> absl::Status {
      const auto boundary = BoundaryOf(plot);
      if (!boundary.ok()) return boundary.status();
      RowValues values = AttributesOf(plot);
      values["ZDDM"] = plot.code();
      values["ZL"] = plot.location();
      values["YT"] = plot.land_use();
      if (!plot.stated_area_m2().empty()) values["ZDMJ"] = plot.stated_area_m2();
      return writer.Add(*table, values, [&](Values all) {
        return table->file->AddPolygon(geo::RawOf(*boundary), all);
      });
    });
    return status.ok() ? writer.End(*table) : status;
  }

  // --- Points and lines --------------------------------------------------------------------------

  absl::Status WritePoints(PackageWriter& writer, SurveyRows& survey) {
    auto table = writer.Begin(*exchange::FindTable("JZD"));
    if (!table.ok()) return table.status();
    const absl::Status status = survey.ForEachPoint([&](const PointRow& row) {
      const geo::RawVertex place = InMetres(row.place);
      // X is the northing and Y the easting (NY/T 2539, A.11).
      const RowValues values = {{"BSM", fmt::to_string(table->rows + 1)},
                                {"YSDM", "211021"},
                                {"JZDH", row.point.number},
                                {"JZDLX", CodeText(row.point.method)},
                                {"JBLX", CodeText(row.point.mark)},
                                {"DKBM", Joined(row.plots)},
                                {"XZBZ", fmt::format("{:.3f}", place.y)},
                                {"YZBZ", fmt::format("{:.3f}", place.x)}};
      return writer.Add(*table, values,
                        [&](Values all) { return table->file->AddPoint(place, all); });
    });
    return status.ok() ? writer.End(*table) : status;
  }

  // The names along a line lie with the holder of one of its plots.
  absl::Status AddNames(const LineRow& row, RowValues* values) {
    for (const std::string_view field : exchange::LineSourceFields()) {
      for (const std::string& plot : row.plots) {
        auto name = NameOf(*scratch_,
                           fmt::format("{}.{}", exchange::LineKey(plot, row.from, row.to), field));
        if (!name.ok()) return name.status();
        if (!name->empty()) (*values)[std::string(field)] = *std::move(name);
      }
    }
    return absl::OkStatus();
  }

  absl::Status WriteLines(PackageWriter& writer, SurveyRows& survey) {
    auto table = writer.Begin(*exchange::FindTable("JZX"));
    if (!table.ok()) return table.status();
    const absl::Status status = survey.ForEachLine([&](const LineRow& row) -> absl::Status {
      std::vector<geo::RawVertex> places;
      for (const geo::Vertex place : row.places) places.push_back(InMetres(place));
      const geo::BoundaryLine& line = row.line;
      RowValues values = {{"BSM", fmt::to_string(table->rows + 1)},
                          {"YSDM", "211031"},
                          {"JXXZ", line.nature == 0 ? "" : fmt::to_string(line.nature)},
                          {"JZXLB", line.category == 0 ? "" : fmt::format("{:02}", line.category)},
                          {"JZXWZ", CodeText(line.position)},
                          {"JZXSM", line.description},
                          {"JZXH", line.number},
                          {"QJZDH", row.from},
                          {"ZJZDH", row.to},
                          {"DKBM", Joined(row.plots)}};
      if (absl::Status named = AddNames(row, &values); !named.ok()) return named;
      return writer.Add(*table, values,
                        [&](Values all) { return table->file->AddLine(places, all); });
    });
    return status.ok() ? writer.End(*table) : status;
  }

  // --- The end -----------------------------------------------------------------------------------

  // The members of NY/T 2539, appendix D, that a book knows.
  absl::Status WriteMetadata(const PackageWriter& writer) const {
    const auto plane = geo::PlaneOf(fmt::format("EPSG:{}", county_.epsg()));
    std::string system;
    if (plane.ok() && plane->gauss_kruger.has_value()) {
      system = fmt::format("<coorRSID>001</coorRSID><centralMer>{}</centralMer>",
                           plane->gauss_kruger->central_meridian_degrees);
    }
    const auto path = writer.root() / kMetadataFolder / fmt::format("SL{}.xml", writer.suffix());
    std::ofstream file(path);
    file << fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Metadata>\n  <dataIdInfo><title>{}</title>"
        "<geoID>{}</geoID><dataLang>zh</dataLang><status>003</status></dataIdInfo>\n"
        "  <refSysInfo>{}</refSysInfo>\n</Metadata>\n",
        Escaped(county_.title()), county_.code(), system);
    file.close();
    if (file) return absl::OkStatus();
    return absl::UnavailableError(fmt::format("{} cannot be written", path.string()));
  }

  void Answer(const PackageWriter& writer) const {
    for (const std::string& note : notes_) command_.err << note << "\n";
    if (writer.put_aside() > 0) {
      command_.err << fmt::format(
          "{} values do not fit their columns and lie in the table {}, from which an import puts "
          "them back\n",
          writer.put_aside(), exchange::kSideTable);
    }
    std::string tables;
    Table counted({"table", "rows"});
    for (const auto& [table, count] : writer.counts()) {
      tables += fmt::format("{}{}:{}", tables.empty() ? "" : ",", JsonText(table), count);
      counted.Add({table, fmt::to_string(count)});
    }
    if (command_.json()) {
      command_.out << fmt::format("{{\"tables\":{{{}}}}}\n", tables);
      return;
    }
    counted.Print(command_.out);
    command_.out << "written to " << writer.root().string() << "\n";
  }

  const Command& command_;
  Session& session_;
  const PackageExportOptions& options_;
  v1::County county_;
  std::unique_ptr<Scratch> scratch_;
  std::vector<std::string> notes_;
};

}  // namespace

absl::Status ExportPackage(const Command& command, Session& session,
                           const PackageExportOptions& options) {
  return PackageExport(command, session, options).Run();
}

}  // namespace landbook::tools
