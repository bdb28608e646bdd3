#include "tools/landbook/findings_styles.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace landbook::tools {
namespace {

struct SeverityLook {
  const char* severity;
  const char* label;
  const char* colour;  // red,green,blue
};
constexpr std::array<SeverityLook, 3> kLooks = {{{"error", "错误 error", "225,0,0"},
                                                 {"warning", "警告 warning", "235,140,0"},
                                                 {"note", "提示 note", "40,110,200"}}};

std::string Property(std::string_view key, std::string_view value) {
  return fmt::format("<prop k=\"{}\" v=\"{}\"/>", key, value);
}

std::string Marker(const SeverityLook& look) {
  return "<layer class=\"SimpleMarker\" enabled=\"1\" locked=\"0\" pass=\"0\">" +
         Property("name", "circle") + Property("color", fmt::format("{},255", look.colour)) +
         Property("outline_color", "255,255,255,255") + Property("outline_width", "0.3") +
         Property("outline_width_unit", "MM") + Property("size", "3") +
         Property("size_unit", "MM") + "</layer>";
}

// Areas of `alpha` out of 255 with an opaque outline.
std::string Area(const SeverityLook& look, int alpha, std::string_view outline_mm) {
  return "<layer class=\"SimpleFill\" enabled=\"1\" locked=\"0\" pass=\"0\">" +
         Property("style", "solid") + Property("color", fmt::format("{},{}", look.colour, alpha)) +
         Property("outline_style", "solid") +
         Property("outline_color", fmt::format("{},255", look.colour)) +
         Property("outline_width", outline_mm) + Property("outline_width_unit", "MM") + "</layer>";
}

std::string Symbol(std::size_t name, std::string_view type, const std::string& layer) {
  return fmt::format(
      "<symbol name=\"{}\" type=\"{}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">{}"
      "</symbol>",
      name, type, layer);
}

// `expression` is in QGIS's language; empty for no labels.
std::string Labelling(std::string_view expression) {
  if (expression.empty()) return "";
  return fmt::format(
      "<labeling type=\"simple\"><settings calloutType=\"simple\"><text-style fieldName=\"{}\" "
      "isExpression=\"1\" fontFamily=\"Noto Sans CJK SC\" fontSize=\"9\" fontSizeUnit=\"Point\" "
      "textColor=\"40,40,40,255\" textOpacity=\"1\" namedStyle=\"Regular\">"
      "<text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferSizeUnits=\"MM\" "
      "bufferColor=\"255,255,255,255\" bufferOpacity=\"1\"/></text-style>"
      "<placement placement=\"1\"/><rendering drawLabels=\"1\" "
      "displayAll=\"1\"/></settings></labeling>",
      expression);
}

std::string Qml(std::string_view type, const std::array<std::string, kLooks.size()>& layers,
                std::string_view label) {
  std::string categories;
  std::string symbols;
  for (std::size_t i = 0; i < kLooks.size(); ++i) {
    categories += fmt::format(
        "<category value=\"{}\" label=\"{}\" symbol=\"{}\" render=\"true\" type=\"string\"/>",
        kLooks[i].severity, kLooks[i].label, i);
    symbols += Symbol(i, type, layers[i]);
  }
  return fmt::format(
      "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
      "<qgis version=\"3.22.0\" styleCategories=\"Symbology|Labeling\" labelsEnabled=\"{}\">"
      "<renderer-v2 type=\"categorizedSymbol\" attr=\"severity\" enableorderby=\"0\" "
      "forceraster=\"0\" symbollevels=\"0\"><categories>{}</categories><symbols>{}</symbols>"
      "</renderer-v2>{}</qgis>",
      label.empty() ? 0 : 1, categories, symbols, Labelling(label));
}

std::vector<LayerStyle> MakeStyles() {
  std::array<std::string, kLooks.size()> points;
  std::array<std::string, kLooks.size()> plots;
  std::array<std::string, kLooks.size()> overlaps;
  for (std::size_t i = 0; i < kLooks.size(); ++i) {
    points[i] = Marker(kLooks[i]);
    plots[i] = Area(kLooks[i], 30, "0.4");
    overlaps[i] = Area(kLooks[i], 170, "0.2");
  }
  return {{"findings", "质检结果，按严重程度着色 findings by severity", Qml("marker", points, "")},
          {"plots", "涉及的宗地 plots concerned", Qml("fill", plots, "&quot;plot&quot;")},
          {"overlaps", "重叠范围 overlap areas",
           Qml("fill", overlaps, "format_number(&quot;width_m&quot;,4) || ' m'")}};
}

}  // namespace

std::span<const LayerStyle> FindingsStyles() {
  static const std::vector<LayerStyle> styles = MakeStyles();
  return styles;
}

}  // namespace landbook::tools
