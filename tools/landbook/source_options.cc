#include "tools/landbook/source_options.h"

#include <map>
#include <string>

namespace landbook::tools {

void AddSourceOptions(CLI::App& verb, SourceFlags& flags) {
  verb.add_option("PATH", flags.path,
                  "a layer of polygons (shapefile, GeoPackage, GeoJSON, …) or the folder of an "
                  "NY/T 2539 package")
      ->required();
  verb.add_option("--layer", flags.layer, "the layer, where the source has several");
  const std::map<std::string, Layout> layouts{
      {"auto", Layout::kAuto}, {"nyt2539", Layout::kNyt2539}, {"plain", Layout::kPlain}};
  verb.add_option("--layout", flags.layout, "what the columns mean")
      ->transform(CLI::CheckedTransformer(layouts))
      ->option_text("auto|nyt2539|plain");
  verb.add_option("--kind", flags.kind, "the kind of every plot: a code of the pack");
  CLI::Option* field =
      verb.add_option("--code-field", flags.code_field, "the column that holds plot codes");
  verb.add_option("--allocate-codes", flags.allocate_division,
                  "make codes in this division, 12 or 14 digits")
      ->excludes(field);
  verb.add_option("--source-crs", flags.source_crs,
                  "EPSG:N of the coordinates, in place of what the source states");
  verb.add_option("--encoding", flags.encoding,
                  "of the text, in place of what the source states: GBK, GB18030, UTF-8, …");
}

}  // namespace landbook::tools
