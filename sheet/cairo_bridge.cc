#include "sheet/cairo_bridge.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <fmt/format.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace landbook::sheet {
namespace {

constexpr double kPointsPerMm = 72 / 25.4;
// Pango rounds sizes to 1/1024 of a unit; text is set in hundredths of a millimetre.
constexpr double kTextUnitsPerMm = 100;
// From the middle of a line of text down to its baseline, in sizes: half of what digits and
// capitals stand high in Noto Sans CJK, where Chinese characters are centred too.
constexpr double kBaseline = 0.37;
constexpr double kHaloMm = 0.7;
constexpr char kFamilies[] = "Noto Sans CJK SC,HanaMinA,HanaMinB";

struct FontNeeded {
  const char* family;
  const char* package;
};
constexpr std::array<FontNeeded, 3> kFonts = {{{"Noto Sans CJK SC", "fonts-noto-cjk"},
                                               {"HanaMinA", "fonts-hanazono"},
                                               {"HanaMinB", "fonts-hanazono"}}};

template <typename T, void (*free_function)(T*)>
struct Freed {
  void operator()(T* thing) const { free_function(thing); }
};
template <typename T, void (*free_function)(T*)>
using Owned = std::unique_ptr<T, Freed<T, free_function>>;

void Unref(void* object) { g_object_unref(object); }
template <typename T>
struct Unreffed {
  void operator()(T* object) const { Unref(object); }
};
template <typename T>
using Object = std::unique_ptr<T, Unreffed<T>>;

using Surface = Owned<cairo_surface_t, cairo_surface_destroy>;
using Cairo = Owned<cairo_t, cairo_destroy>;
using FontOptions = Owned<cairo_font_options_t, cairo_font_options_destroy>;
using Description = Owned<PangoFontDescription, pango_font_description_free>;
using FcConfigOwned = Owned<FcConfig, FcConfigDestroy>;
using FcPatternOwned = Owned<FcPattern, FcPatternDestroy>;
using FcFontSetOwned = Owned<FcFontSet, FcFontSetDestroy>;
using FcObjectSetOwned = Owned<FcObjectSet, FcObjectSetDestroy>;
using FcCharSetOwned = Owned<FcCharSet, FcCharSetDestroy>;

cairo_status_t Append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

absl::Status StatusOf(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return absl::OkStatus();
  return absl::InternalError(
      fmt::format("the sheet cannot be drawn: {}", cairo_status_to_string(status)));
}

// The fonts of `family` that `system` knows.
FcFontSetOwned FontsOf(FcConfig* system, const char* family) {
  const FcPatternOwned pattern(FcPatternCreate());
  FcPatternAddString(pattern.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
  const FcObjectSetOwned wanted(
      FcObjectSetBuild(FC_FILE, FC_CHARSET, static_cast<const char*>(nullptr)));
  return FcFontSetOwned(FcFontList(system, pattern.get(), wanted.get()));
}

void SetColour(cairo_t* cr, const Colour& colour) {
  cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
}

void AddPaths(cairo_t* cr, const std::vector<Path>& paths, bool closed) {
  cairo_new_path(cr);
  for (const Path& path : paths) {
    for (std::size_t i = 0; i < path.size(); ++i) {
      (i == 0 ? cairo_move_to : cairo_line_to)(cr, path[i].x_mm, path[i].y_mm);
    }
    if (closed) cairo_close_path(cr);
  }
}

void Paint(cairo_t* cr, const Lines& lines) {
  AddPaths(cr, lines.paths, lines.closed);
  cairo_set_line_width(cr, lines.width_mm);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  SetColour(cr, lines.colour);
  cairo_stroke(cr);
}

void Paint(cairo_t* cr, const Fill& fill) {
  AddPaths(cr, fill.paths, true);
  cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
  SetColour(cr, fill.colour);
  cairo_fill(cr);
}

void Paint(cairo_t* cr, const Disc& disc) {
  cairo_new_path(cr);
  cairo_arc(cr, disc.centre.x_mm, disc.centre.y_mm, disc.radius_mm, 0, 2 * std::numbers::pi);
  SetColour(cr, disc.fill);
  cairo_fill_preserve(cr);
  cairo_set_line_width(cr, disc.width_mm);
  SetColour(cr, disc.outline);
  cairo_stroke(cr);
}

std::vector<const Text*> TextsOf(const Drawing& drawing) {
  std::vector<const Text*> texts;
  for (const Page& page : drawing.pages) {
    for (const Layer& layer : page.layers) {
      for (const Mark& mark : layer.marks) {
        if (const Text* text = std::get_if<Text>(&mark)) texts.push_back(text);
      }
    }
  }
  return texts;
}

}  // namespace

// Pango's font map over the allowed fonts alone, and what they cover together.
struct Painter::Fonts {
  FcConfigOwned config;
  FcCharSetOwned covered;
  Object<PangoFontMap> map;

  absl::Status Add(FcConfig* system, const FontNeeded& font) {
    const FcFontSetOwned found = FontsOf(system, font.family);
    if (!found || found->nfont == 0) {
      return absl::FailedPreconditionError(
          fmt::format("the font {} is not installed; Debian has it in {}: apt-get install {}",
                      font.family, font.package, font.package));
    }
    for (int i = 0; i < found->nfont; ++i) {
      FcChar8* file = nullptr;
      FcCharSet* characters = nullptr;
      if (FcPatternGetString(found->fonts[i], FC_FILE, 0, &file) == FcResultMatch) {
        FcConfigAppFontAddFile(config.get(), file);
      }
      if (FcPatternGetCharSet(found->fonts[i], FC_CHARSET, 0, &characters) == FcResultMatch) {
        FcCharSetMerge(covered.get(), characters, nullptr);
      }
    }
    return absl::OkStatus();
  }

  void MakeMap() {
    map.reset(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map.get()), config.get());
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map.get()), 72);
  }

  // A context for text of one kind everywhere: unhinted, so that it is as wide on every surface.
  Object<PangoContext> Context() const {
    Object<PangoContext> context(pango_font_map_create_context(map.get()));
    const FontOptions options(cairo_font_options_create());
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context.get(), options.get());
    pango_context_set_language(context.get(), pango_language_from_string("zh-cn"));
    pango_context_set_round_glyph_positions(context.get(), FALSE);
    return context;
  }

  static Object<PangoLayout> LayoutOf(PangoContext* context, const Text& text) {
    Object<PangoLayout> layout(pango_layout_new(context));
    const Description description(pango_font_description_from_string(kFamilies));
    pango_font_description_set_absolute_size(description.get(),
                                             text.size_mm * kTextUnitsPerMm * PANGO_SCALE);
    if (text.bold) pango_font_description_set_weight(description.get(), PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout.get(), description.get());
    pango_layout_set_text(layout.get(), text.text.c_str(), static_cast<int>(text.text.size()));
    return layout;
  }

  static double WidthUnits(PangoLayout* layout) {
    PangoRectangle logical;
    pango_layout_get_extents(layout, nullptr, &logical);
    return static_cast<double>(logical.width) / PANGO_SCALE;
  }

  void Paint(cairo_t* cr, const Text& text) const {
    cairo_save(cr);
    cairo_translate(cr, text.at.x_mm, text.at.y_mm);
    cairo_rotate(cr, text.turn);
    cairo_scale(cr, 1 / kTextUnitsPerMm, 1 / kTextUnitsPerMm);
    const Object<PangoContext> context = Context();
    pango_cairo_update_context(cr, context.get());
    const Object<PangoLayout> layout = LayoutOf(context.get(), text);
    const double width = WidthUnits(layout.get());
    const double share = text.align == Align::kLeft ? 0 : text.align == Align::kCentre ? 0.5 : 1;
    cairo_move_to(cr, -width * share, text.size_mm * kTextUnitsPerMm * kBaseline);
    PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), 0);
    if (text.halo) {
      pango_cairo_layout_line_path(cr, line);
      cairo_set_line_width(cr, kHaloMm * kTextUnitsPerMm);
      cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
      SetColour(cr, kWhite);
      cairo_stroke(cr);
      cairo_move_to(cr, -width * share, text.size_mm * kTextUnitsPerMm * kBaseline);
    }
    SetColour(cr, text.colour);
    pango_cairo_show_layout_line(cr, line);
    cairo_restore(cr);
  }

  void Paint(cairo_t* cr, const Page& page) const {
    for (const Layer& layer : page.layers) {
      cairo_save(cr);
      if (layer.clip) {
        cairo_rectangle(cr, layer.clip->left_mm, layer.clip->top_mm, layer.clip->width_mm(),
                        layer.clip->height_mm());
        cairo_clip(cr);
      }
      for (const Mark& mark : layer.marks) {
        if (const Text* text = std::get_if<Text>(&mark)) Paint(cr, *text);
        if (const Lines* lines = std::get_if<Lines>(&mark)) sheet::Paint(cr, *lines);
        if (const Fill* fill = std::get_if<Fill>(&mark)) sheet::Paint(cr, *fill);
        if (const Disc* disc = std::get_if<Disc>(&mark)) sheet::Paint(cr, *disc);
      }
      cairo_restore(cr);
    }
  }
};

Painter::Painter(std::unique_ptr<Fonts> fonts) : fonts_(std::move(fonts)) {}
Painter::~Painter() = default;

absl::StatusOr<std::unique_ptr<Painter>> Painter::Open() {
  const FcConfigOwned system(FcInitLoadConfigAndFonts());
  auto fonts = std::make_unique<Fonts>();
  fonts->config.reset(FcConfigCreate());
  fonts->covered.reset(FcCharSetCreate());
  if (!system || !fonts->config || !fonts->covered) {
    return absl::FailedPreconditionError("fontconfig cannot be read; is it installed?");
  }
  for (const FontNeeded& font : kFonts) {
    const absl::Status added = fonts->Add(system.get(), font);
    if (!added.ok()) return added;
  }
  fonts->MakeMap();
  return std::unique_ptr<Painter>(new Painter(std::move(fonts)));
}

double Painter::WidthMm(const Text& text) const {
  const Object<PangoContext> context = fonts_->Context();
  const Object<PangoLayout> layout = Fonts::LayoutOf(context.get(), text);
  return Fonts::WidthUnits(layout.get()) / kTextUnitsPerMm;
}

absl::Status Painter::CheckGlyphs(const Drawing& drawing) const {
  std::set<std::uint32_t> told;
  std::string missing;
  for (const Text* text : TextsOf(drawing)) {
    if (!g_utf8_validate(text->text.data(), static_cast<gssize>(text->text.size()), nullptr)) {
      return absl::InvalidArgumentError("a text of the sheet is not UTF-8");
    }
    const char* end = text->text.data() + text->text.size();
    for (const char* at = text->text.data(); at < end; at = g_utf8_next_char(at)) {
      const gunichar character = g_utf8_get_char(at);
      if (FcCharSetHasChar(fonts_->covered.get(), character)) continue;
      if (!told.insert(character).second) continue;
      missing += fmt::format("{}'{}' (U+{:04X}) in '{}'", missing.empty() ? "" : ", ",
                             std::string(at, static_cast<std::size_t>(g_utf8_next_char(at) - at)),
                             static_cast<std::uint32_t>(character), text->text);
    }
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "no glyph for {} in Noto Sans CJK SC, HanaMinA or HanaMinB; correct the text in the book, or "
      "have a font made for the character 字体缺字，宗地图未绘制",
      missing));
}

absl::StatusOr<std::string> Painter::Pdf(const Drawing& drawing) const {
  const absl::Status glyphs = CheckGlyphs(drawing);
  if (!glyphs.ok()) return glyphs;
  std::string bytes;
  const Surface surface(cairo_pdf_surface_create_for_stream(Append, &bytes, 1, 1));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, drawing.title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Landbook");
  for (const auto date : {CAIRO_PDF_METADATA_CREATE_DATE, CAIRO_PDF_METADATA_MOD_DATE}) {
    cairo_pdf_surface_set_metadata(surface.get(), date, drawing.created_at.c_str());
  }
  const Cairo cr(cairo_create(surface.get()));
  for (const Page& page : drawing.pages) {
    cairo_pdf_surface_set_size(surface.get(), page.width_mm * kPointsPerMm,
                               page.height_mm * kPointsPerMm);
    cairo_identity_matrix(cr.get());
    cairo_scale(cr.get(), kPointsPerMm, kPointsPerMm);
    fonts_->Paint(cr.get(), page);
    cairo_show_page(cr.get());
  }
  cairo_surface_finish(surface.get());
  absl::Status status = StatusOf(cairo_status(cr.get()));
  if (status.ok()) status = StatusOf(cairo_surface_status(surface.get()));
  if (!status.ok()) return status;
  return bytes;
}

absl::StatusOr<std::string> Painter::Png(const Drawing& drawing, std::size_t page,
                                         int dots_per_inch) const {
  const absl::Status glyphs = CheckGlyphs(drawing);
  if (!glyphs.ok()) return glyphs;
  const Page& painted = drawing.pages.at(page);
  const double dots_per_mm = dots_per_inch / 25.4;
  const Surface surface(cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(painted.width_mm * dots_per_mm)),
      static_cast<int>(std::lround(painted.height_mm * dots_per_mm))));
  const Cairo cr(cairo_create(surface.get()));
  SetColour(cr.get(), kWhite);
  cairo_paint(cr.get());
  cairo_scale(cr.get(), dots_per_mm, dots_per_mm);
  fonts_->Paint(cr.get(), painted);
  absl::Status status = StatusOf(cairo_status(cr.get()));
  std::string bytes;
  if (status.ok()) {
    status = StatusOf(cairo_surface_write_to_png_stream(surface.get(), Append, &bytes));
  }
  if (!status.ok()) return status;
  return bytes;
}

}  // namespace landbook::sheet
