// The forms in which firms deliver one and the same layer: every format, in a folder and in a zip,
// with text in every encoding that is met, with and without the files beside it. Fixtures that this
// room does not write are made by GDAL.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cpl_conv.h"
#include "cpl_vsi.h"
#include "gdal_utils.h"
#include "geo/formats/gdal_bridge.h"
#include "geo/formats/layer_reader.h"
#include "geo/formats/layer_writer.h"
#include "geo/formats/temporary_folder_testing.h"
#include "gtest/gtest.h"

namespace landbook::geo {
namespace {

namespace fs = std::filesystem;

constexpr int kPlots = 5;
const std::vector<Field> kFields = {{"DKBM", FieldType::kText, 19, 0},
                                    {"DKMC", FieldType::kText, 50, 0}};
constexpr char kName[] = "村东第七块";
constexpr char kNameInGbk[] = "\xB4\xE5\xB6\xAB\xB5\xDA\xC6\xDF\xBF\xE9";

class DeliveredForms : public TemporaryFolderTest {
 protected:
  static RawBoundary Plot(int i) {
    RawBoundary plot;
    const double x = 590'000 + 20 * i;
    const double y = 4'075'000.125;
    plot.vertices = {{x, y + 20}, {x + 20, y + 20}, {x + 20, y}, {x, y}, {x, y + 20}};
    plot.EndRing();
    plot.EndPart();
    return plot;
  }
  static std::string Code(int i) { return "990101001001010000" + std::to_string(i); }

  // Writes the plots; `names` are their names in turn.
  void Write(const std::string& name, LayerFormat format, const std::string& encoding = "",
             const std::vector<Value>& names = {kName}) {
    fs::create_directories(fs::path(Path(name)).parent_path());
    auto writer = LayerWriter::Create(
        Path(name), {.format = format, .epsg = 4548, .encoding = encoding, .fields = kFields});
    ASSERT_TRUE(writer.ok()) << writer.status();
    for (int i = 0; i < kPlots; ++i) {
      const std::vector<Value> values = {Code(i),
                                         names[static_cast<std::size_t>(i) % names.size()]};
      ASSERT_TRUE((*writer)->AddPolygon(Plot(i), values).ok());
    }
    ASSERT_TRUE((*writer)->Close().ok());
  }

  // Writes the layer at `from` once more, through GDAL.
  void Convert(const std::string& from, const std::string& to, const std::string& driver,
               const std::vector<std::string>& further = {}) {
    RegisterGdalDrivers();
    fs::create_directories(fs::path(Path(to)).parent_path());
    std::vector<std::string> arguments = {"-f", driver};
    arguments.insert(arguments.end(), further.begin(), further.end());
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    GDALVectorTranslateOptions* options = GDALVectorTranslateOptionsNew(pointers.data(), nullptr);
    GDALDatasetH source = GDALOpenEx(Path(from).c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr);
    ASSERT_NE(source, nullptr);
    GDALDatasetH target =
        GDALVectorTranslate(Path(to).c_str(), nullptr, 1, &source, options, nullptr);
    GDALVectorTranslateOptionsFree(options);
    GDALClose(source);
    ASSERT_NE(target, nullptr);
    GDALClose(target);
  }

  // Puts everything under `folder` into the archive, under the same names.
  void Zip(const std::string& archive, const std::string& folder) {
    for (const std::string& file : FilesUnder(Path(folder))) {
      const std::string inside = "/vsizip/" + Path(archive) + "/" + file;
      ASSERT_EQ(CPLCopyFile(inside.c_str(), (Path(folder) + "/" + file).c_str()), 0) << file;
    }
  }

  std::vector<Row> Read(const std::string& name, const ReaderOptions& options = {}) {
    std::vector<Row> rows;
    auto reader = LayerReader::Open(Path(name), options);
    EXPECT_TRUE(reader.ok()) << reader.status();
    while (reader.ok()) {
      auto row = (*reader)->Next();
      EXPECT_TRUE(row.ok()) << row.status();
      if (!row.ok() || !row->has_value()) break;
      rows.push_back(**std::move(row));
    }
    if (reader.ok()) info_ = (*reader)->Info();
    std::sort(rows.begin(), rows.end(), [this](const Row& a, const Row& b) {
      return a.attributes.at(CodeColumn()).text < b.attributes.at(CodeColumn()).text;
    });
    return rows;
  }

  std::size_t CodeColumn() const { return ColumnNamed("DKBM"); }
  std::size_t ColumnNamed(const std::string& name) const {
    const auto found = std::find_if(info_.fields.begin(), info_.fields.end(),
                                    [&](const Field& field) { return field.name == name; });
    return static_cast<std::size_t>(found - info_.fields.begin());
  }

  void ExpectPlots(const std::string& name, const ReaderOptions& options = {}) {
    SCOPED_TRACE(name);
    const std::vector<Row> rows = Read(name, options);
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(kPlots));
    for (int i = 0; i < kPlots; ++i) {
      const Row& row = rows[static_cast<std::size_t>(i)];
      EXPECT_TRUE(row.problems.empty()) << row.problems.front().message;
      EXPECT_EQ(row.boundary, Plot(i));
      EXPECT_EQ(row.attributes.at(CodeColumn()).text, Code(i));
      EXPECT_EQ(row.attributes.at(ColumnNamed("DKMC")).text, kName);
    }
  }

  LayerInfo info_;
};

TEST_F(DeliveredForms, EveryFormatIsReadFromAFileAFolderAndAZip) {
  struct Form {
    const char* file;
    const char* driver;
    std::vector<std::string> further = {};
    int epsg = 4548;
  };
  Write("plots.gpkg", LayerFormat::kGeoPackage);
  const std::vector<Form> forms = {{"gdb/plots.gdb", "OpenFileGDB", {"-nlt", "MULTIPOLYGON"}},
                                   {"fgb/plots.fgb", "FlatGeobuf"},
                                   {"csv/plots.csv", "CSV", {"-lco", "GEOMETRY=AS_WKT"}, 0},
                                   {"gpkg/plots.gpkg", "GPKG"},
                                   {"shp/plots.shp", "ESRI Shapefile", {"-lco", "ENCODING=UTF-8"}}};
  for (const Form& form : forms) {
    SCOPED_TRACE(form.file);
    Convert("plots.gpkg", form.file, form.driver, form.further);
    ExpectPlots(form.file);
    EXPECT_EQ(info_.epsg, form.epsg);
    const std::string folder = fs::path(form.file).parent_path();
    ExpectPlots(folder);
    Zip(folder + ".zip", folder);
    ExpectPlots(folder + ".zip");
    EXPECT_EQ(info_.epsg, form.epsg);
  }
}

TEST_F(DeliveredForms, AFolderOrZipOfSeveralThingsIsRefusedByName) {
  Write("many/plots.gpkg", LayerFormat::kGeoPackage);
  Write("many/others.gpkg", LayerFormat::kGeoPackage);
  Zip("many.zip", "many");
  for (const char* name : {"many", "many.zip"}) {
    const auto refused = LayerReader::Open(Path(name), {});
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(refused.status().message().find("name one file"), std::string::npos);
  }
}

TEST_F(DeliveredForms, ShapefilesAreReadInEveryEncodingWithAndWithoutItsName) {
  for (const char* encoding : {"GBK", "GB18030", "UTF-8"}) {
    SCOPED_TRACE(encoding);
    Write("plots.shp", LayerFormat::kShapefile, encoding);
    ExpectPlots("plots.shp");
    EXPECT_EQ(info_.encoding_by, StatedBy::kCompanion);
    EXPECT_EQ(info_.epsg, 4548);
    Remove("plots.cpg");
    ExpectPlots("plots.shp");
    Remove("plots.prj");
    ExpectPlots("plots.shp");
    EXPECT_EQ(info_.crs_by, StatedBy::kNobody);
    ExpectPlots("plots.shp", {.crs = "EPSG:4548"});
    EXPECT_EQ(info_.crs_by, StatedBy::kOption);
  }
}

TEST_F(DeliveredForms, RowsOfMixedEncodingsAreJudgedOneByOne) {
  Write("plots.shp", LayerFormat::kShapefile, "UTF-8", {kName, RawText{kNameInGbk}});
  Remove("plots.cpg");
  ExpectPlots("plots.shp");
  // Once the delivery states one of them, the rows in the other are told, and none is lost.
  Put("plots.cpg", "UTF-8");
  const std::vector<Row> rows = Read("plots.shp");
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(kPlots));
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].problems.size(), i % 2);
}

TEST_F(DeliveredForms, ACsvIsReadInEveryEncodingAndWithAByteOrderMark) {
  const std::string head = "DKBM,DKMC,WKT\n";
  const std::string place = ",\"POLYGON ((0 1,1 1,1 0,0 0,0 1))\"\n";
  for (const std::string& text :
       {head + "1," + kName + place, "\xEF\xBB\xBF" + head + "1," + kName + place,
        head + "1," + kNameInGbk + place}) {
    Put("plots.csv", text);
    const std::vector<Row> rows = Read("plots.csv");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].attributes.at(CodeColumn()).text, "1");
    EXPECT_EQ(rows[0].attributes.at(ColumnNamed("DKMC")).text, kName);
    EXPECT_EQ(rows[0].boundary.vertices.size(), 5U);
  }
}

}  // namespace
}  // namespace landbook::geo
