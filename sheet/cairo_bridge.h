// Drawings painted with cairo and pango: PDF pages and PNG pictures. The only place that knows
// either library, or fontconfig.
//
// Only three fonts of Debian are used, whatever else a machine has and however it is configured:
// Noto Sans CJK in its SC face (fonts-noto-cjk), and HanaMinA and HanaMinB for rare characters
// (fonts-hanazono). So the same drawing gives the same bytes wherever these packages are the same.
#ifndef LANDBOOK_SHEET_CAIRO_BRIDGE_H_
#define LANDBOOK_SHEET_CAIRO_BRIDGE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sheet/drawing.h"

namespace landbook::sheet {

// The fonts of sheets, and what paints with them. Not thread-safe: one for each thread.
class Painter {
 public:
  // Fails with FAILED_PRECONDITION that names the font and the package when one is not installed.
  static absl::StatusOr<std::unique_ptr<Painter>> Open();
  ~Painter();
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;

  // How wide `text` is; what PlanSheet and DrawSheet measure with.
  double WidthMm(const Text& text) const;

  // OK when the fonts have every character of every text of `drawing`. Else INVALID_ARGUMENT that
  // names each missing character by itself, its code point and the text that it stands in: a
  // sheet with a box in place of a character of somebody's address is no sheet.
  absl::Status CheckGlyphs(const Drawing& drawing) const;

  // All pages as a PDF whose texts can be searched and copied. Its date is the drawing's. Fails
  // where CheckGlyphs does, and with INTERNAL when cairo cannot.
  absl::StatusOr<std::string> Pdf(const Drawing& drawing) const;

  // One page as a PNG of `dots_per_inch`. Fails as Pdf does. REQUIRES: page < pages.size().
  absl::StatusOr<std::string> Png(const Drawing& drawing, std::size_t page,
                                  int dots_per_inch) const;

 private:
  struct Fonts;
  explicit Painter(std::unique_ptr<Fonts> fonts);
  std::unique_ptr<Fonts> fonts_;
};

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_CAIRO_BRIDGE_H_
