#include "tools/sample_county/program.h"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "fmt/format.h"
#include "tools/sample_county/options.h"
#include "tools/sample_county/package.h"
#include "tools/sample_county/plain_layer.h"

namespace landbook::sample_county {
namespace {

constexpr const char* kUsage =
    "landbook-sample-county OUT [flags]\n"
    "  writes a sample county of made-up land and people\n"
    "  --layout nyt2539|plain    a county's package in the folder OUT (default), or one layer OUT\n"
    "  --format shp|gpkg|geojson of a plain layer (default: by the ending of OUT, else shp)\n"
    "  --plots N                 contracted plots (10000)\n"
    "  --seed N                  another county (1)\n"
    "  --county CODE             six digits that begin with 9 (900101)\n"
    "  --name NAME               the county's name (样例县)\n"
    "  --year YYYY               of the survey (2026)\n"
    "  --crs EPSG:N              a CGCS2000 3-degree plane (EPSG:4548)\n"
    "  --vertices N              of a plot: 4 to 64, a multiple of 4 (16)\n"
    "  --grid MM                 of coordinates: 1 or 0.1 (1)\n"
    "  --long-share X            plots 200 m to 5 km long, 0 to 1 (0.02)\n"
    "  --sliver-share X          pairs of neighbouring fields that overlap by 0.5 to 20 mm (0)\n"
    "  --encoding NAME           of shapefile text (GBK)\n"
    "  --faults B201=5,B204=3    faults to plant; the plan is written to faults.tsv beside OUT, "
    "in\n"
    "                            OUT for a package\n"
    "  --plan FILE               the plan's name\n";

// What was asked.
struct Request {
  std::string out;
  bool package = true;
  std::string format;
  std::string encoding = "GBK";
  std::string plan;
  Options options;
};

template <typename Number>
bool Parse(std::string_view text, Number& number) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

bool ParseCrs(std::string_view text, int& epsg) {
  if (text.starts_with("EPSG:")) text.remove_prefix(5);
  return Parse(text, epsg);
}

// A share with at most three decimals, as thousandths.
bool ParseShare(std::string_view text, int& per_mille) {
  double share = 0;
  if (!Parse(text, share) || !(share >= 0 && share <= 1)) return false;
  per_mille = static_cast<int>(share * 1000 + 0.5);
  return true;
}

bool ParseGrid(std::string_view text, std::int64_t& steps) {
  steps = text == "1" ? 10 : text == "0.1" ? 1 : 0;
  return steps != 0;
}

bool ParseLayout(std::string_view text, bool& package) {
  package = text == "nyt2539";
  return package || text == "plain";
}

bool ReadFaults(std::string_view text, FaultCounts& counts) {
  absl::StatusOr<FaultCounts> parsed = ParseFaults(text);
  if (parsed.ok()) counts = *std::move(parsed);
  return parsed.ok();
}

// Takes one flag; false when it is not known or its value is none.
bool TakeFlag(std::string_view flag, const std::string& value, Request& request) {
  Options& options = request.options;
  if (flag == "--layout") return ParseLayout(value, request.package);
  if (flag == "--plots") return Parse(value, options.plots);
  if (flag == "--seed") return Parse(value, options.seed);
  if (flag == "--year") return Parse(value, options.year);
  if (flag == "--crs") return ParseCrs(value, options.epsg);
  if (flag == "--vertices") return Parse(value, options.vertices);
  if (flag == "--grid") return ParseGrid(value, options.grid_steps);
  if (flag == "--long-share") return ParseShare(value, options.long_per_mille);
  if (flag == "--sliver-share") return ParseShare(value, options.sliver_per_mille);
  if (flag == "--faults") return ReadFaults(value, options.faults);
  std::string* text = flag == "--format"     ? &request.format
                      : flag == "--county"   ? &options.county_code
                      : flag == "--name"     ? &options.county_name
                      : flag == "--encoding" ? &request.encoding
                      : flag == "--plan"     ? &request.plan
                                             : nullptr;
  if (text == nullptr || value.empty()) return false;
  *text = value;
  return true;
}

// The request, or nothing and a sentence on stderr.
std::optional<Request> ReadRequest(const std::vector<std::string>& arguments) {
  Request request;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with("--")) {
      if (!request.out.empty()) {
        fmt::print(stderr, "{} and {}: one place to write to is wanted\n", request.out, argument);
        return std::nullopt;
      }
      request.out = argument;
      continue;
    }
    const std::size_t equals = argument.find('=');
    const bool joined = equals != std::string::npos;
    const bool valued = joined || i + 1 < arguments.size();
    const std::string flag = argument.substr(0, equals);
    const std::string value = joined ? argument.substr(equals + 1) : valued ? arguments[++i] : "";
    if (!valued || !TakeFlag(flag, value, request)) {
      fmt::print(stderr, "{} \"{}\": no such flag, or not a value of it\n{}", flag, value, kUsage);
      return std::nullopt;
    }
  }
  if (request.out.empty()) fmt::print(stderr, "{}", kUsage);
  return request.out.empty() ? std::nullopt : std::optional(request);
}

std::optional<geo::LayerFormat> FormatOf(const Request& request) {
  const std::string ending = std::filesystem::path(request.out).extension();
  const std::string name = !request.format.empty() ? request.format
                           : ending.empty()        ? "shp"
                                                   : ending.substr(1);
  if (name == "shp") return geo::LayerFormat::kShapefile;
  if (name == "gpkg") return geo::LayerFormat::kGeoPackage;
  if (name == "geojson" || name == "json") return geo::LayerFormat::kGeoJson;
  return std::nullopt;
}

absl::Status Write(const Request& request) {
  if (absl::Status status = CheckOptions(request.options); !status.ok()) return status;
  if (request.package) return WritePackage(request.options, request.out, request.encoding);
  const std::optional<geo::LayerFormat> format = FormatOf(request);
  if (!format.has_value()) {
    return absl::InvalidArgumentError(
        fmt::format("{}: the format is one of shp, gpkg and geojson", request.out));
  }
  return WritePlainLayer(request.options, *format, request.out, request.encoding);
}

std::string PlanPath(const Request& request) {
  if (!request.plan.empty()) return request.plan;
  const std::filesystem::path out(request.out);
  return (request.package ? out : out.parent_path()) / "faults.tsv";
}

}  // namespace

int RunProgram(const std::vector<std::string>& arguments) {
  const std::optional<Request> request = ReadRequest(arguments);
  if (!request.has_value()) return 2;
  absl::Status status = Write(*request);
  if (status.ok() && !request->options.faults.empty()) {
    status = WriteFaultPlan(request->options, PlanPath(*request));
  }
  if (!status.ok()) {
    fmt::print(stderr, "{}\n", std::string(status.message()));
    return 1;
  }
  fmt::print("{}: {} contracted plots\n", request->out, request->options.plots);
  return 0;
}

}  // namespace landbook::sample_county
