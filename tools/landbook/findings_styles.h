// How the layers of a findings file look in QGIS: its own style files (QML), which it reads from
// the table `layer_styles` of a GeoPackage and applies by itself.
#ifndef LANDBOOK_TOOLS_LANDBOOK_FINDINGS_STYLES_H_
#define LANDBOOK_TOOLS_LANDBOOK_FINDINGS_STYLES_H_

#include <span>
#include <string>
#include <string_view>

namespace landbook::tools {

// The style of one layer.
struct LayerStyle {
  std::string_view layer;
  std::string_view description;  // one line, Chinese and English
  std::string qml;
};

// The styles of the layers `findings`, `plots` and `overlaps`: each coloured by its field
// `severity`, red for errors, orange for warnings, blue for notes; plots labelled with their codes
// and overlaps with their widths. QGIS 3.22, Debian's, reads them.
std::span<const LayerStyle> FindingsStyles();

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_FINDINGS_STYLES_H_
