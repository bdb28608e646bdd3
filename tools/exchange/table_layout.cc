#include "tools/exchange/table_layout.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace landbook::exchange {
namespace {

using geo::LayerGeometry;

// A table in one text: columns parted by blanks, each "NAME:TYPE" with an optional width and
// decimals, then "!" for a legal fact or "*" for what is wanted, "#n" for n digits and
// "=a,b,c" for a code list.
struct Written {
  const char* name;
  LayerGeometry geometry;
  const char* columns;
};

constexpr Written kWritten[] = {
    // Read before the tables whose text it completes (side_text.h).
    {"LANDBOOK_TEXT", LayerGeometry::kNothing,
     "TAB:C16! ROWNO:I10! FIELD:C10! PART:I4! WORDS:C250!"},
    {"DK", LayerGeometry::kPolygon,
     "BSM:I10 YSDM:C6 DKBM:C19 DKMC:C50 SYQXZ:C2=10,30,31,32,33,34 DKLB:C2*=10,21,22,23,99 "
     "TDLYLX:C3 DLDJ:C2*=01,02,03,04,05,06,07,08,09,10 TDYT:C1*=1,2,3,4,5 SFJBNT:C1*=1,2 "
     "SCMJ:F16.2 DKDZ:C50 DKXZ:C50 DKNZ:C50 DKBZ:C50 DKBZXX:C254 ZJRXM:C100 KJZB:C254 "
     "SCMJM:F16.2"},
    {"JZD", LayerGeometry::kPoint,
     "BSM:I10 YSDM:C6 JZDH:C10! JZDLX:C1!=1,2,3 JBLX:C1=1,2,3,4,5,6,7,8,9 DKBM:C254! "
     "XZBZ:F12.3! YZBZ:F12.3!"},
    {"JZX", LayerGeometry::kLine,
     "BSM:I10 YSDM:C6 JXXZ:C6=600001,600002,600003,600004,600009 "
     "JZXLB:C2=01,02,03,04,05,06,07,08,99 JZXWZ:C1!=1,2,3 JZXSM:C254* PLDWQLR:C100* PLDWZJR:C100* "
     "JZXH:C10 QJZDH:C10! ZJZDH:C10! DKBM:C254!"},
    {"FBF", LayerGeometry::kNothing,
     "FBFBM:C14!#14 FBFMC:C50! FBFFZRXM:C50! FZRZJLX:C1!=1,2,3,4,5,9 FZRZJHM:C30! LXDH:C15 "
     "FBFDZ:C100* YZBM:C6*#6 FBFDCY:C254* FBFDCRQ:D* FBFDCJS:C254"},
    {"CBF", LayerGeometry::kNothing,
     "CBFBM:C18!#18 CBFLX:C1!=1,2,3 CBFMC:C50! CBFZJLX:C1!=1,2,3,4,5,9 CBFZJHM:C20! CBFDZ:C100* "
     "YZBM:C6*#6 LXDH:C20 CBFCYSL:I2* CBFDCRQ:D* CBFDCY:C50* CBFDCJS:C254 GSJS:C254 GSJSR:C50* "
     "GSSHRQ:D* GSSHR:C50*"},
    {"CBF_JTCY", LayerGeometry::kNothing,
     "CBFBM:C18!#18 CYXM:C50! CYXB:C1!=1,2 CYZJLX:C1!=1,2,3,4,5,9 CYZJHM:C20! YHZGX:C2!#2 "
     "CYBZ:C1=1,2,3,4,5,6,7,9 SFGYR:C1!=1,2 CYBZSM:C254"},
    {"CBHT", LayerGeometry::kNothing,
     "CBHTBM:C19! YCBHTBM:C19 FBFBM:C14!#14 CBFBM:C18!#18 CBFS:C3!=110,120,121,122,123,129 "
     "CBQXQ:D! CBQXZ:D! HTZMJ:F15.2* CBDKZS:I3* QDSJ:D! HTZMJM:F15.2 YHTZMJ:F15.2 YHTZMJM:F15.2"},
    {"CBJYQZDJB", LayerGeometry::kNothing,
     "CBJYQZBM:C19! FBFBM:C14!#14 CBFBM:C18!#18 CBFS:C3!=110,120,121,122,123,129 CBQX:C30* "
     "CBQXQ:D! "
     "CBQXZ:D! DKSYT:C254* CBJYQZLSH:C254! DJBFJ:C254 YCBJYQZBH:C100 DBR:C50* DJSJ:D!"},
    {"CBDKXX", LayerGeometry::kNothing,
     "DKBM:C19!#19 FBFBM:C14!#14 CBFBM:C18!#18 "
     "CBJYQQDFS:C3!=100,110,120,121,122,123,129,200,300,900 HTMJ:F15.2! CBHTBM:C19! LZHTBM:C18 "
     "CBJYQZBM:C19! YHTMJ:F15.2 HTMJM:F15.2 YHTMJM:F15.2 SFQQQG:C1=1,2"},
    {"CBJYQZ", LayerGeometry::kNothing,
     "CBJYQZBM:C19! FZJG:C50* FZRQ:D! QZSFLQ:C1*=1,2 QZLQRQ:D QZLQRXM:C50 "
     "QZLQRZJLX:C1=1,2,3,4,5,9 QZLQRZJHM:C20"},
    {"CBJYQZ_QZBF", LayerGeometry::kNothing,
     "CBJYQZBM:C19! QZBFYY:C200* BFRQ:D! QZBFLQRQ:D* QZBFLQRXM:C50* BFLQRZJLX:C1*=1,2,3,4,5,9 "
     "BFLQRZJHM:C20*"},
    {"CBJYQZ_QZHF", LayerGeometry::kNothing,
     "CBJYQZBM:C19! QZHFYY:C200* HFRQ:D! QZHFLQRQ:D* QZHFLQRXM:C50* HFLQRZJLX:C1*=1,2,3,4,5,9 "
     "HFLQRZJHM:C20*"},
    {"CBJYQZ_QZZX", LayerGeometry::kNothing, "CBJYQZBM:C19! ZXYY:C200* ZXRQ:D!"},
    {"QSLYZLFJ", LayerGeometry::kNothing,
     "CBJYQZBM:C19! ZLFJBH:C20! ZLFJMC:C100* ZLFJRQ:D* FJ:C254*"},
    {"LZHT", LayerGeometry::kNothing,
     "CBHTBM:C19! LZHTBM:C18!#18 CBFBM:C18!#18 SRFBM:C18!#18 LZFS:C3!=100,200,300,900 LZQX:C10* "
     "LZQXKSRQ:D! LZQXJSRQ:D! LZMJ:F15.2* LZDKS:I3* LZQTDYT:C1=1,2,3,4,5 LZHTDYT:C1=1,2,3,4,5 "
     "LZJGSM:C100* HTQDRQ:D! LZMJM:F15.2"},
};

std::string_view TakeWord(std::string_view& text, std::string_view ends) {
  const std::string_view word = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(word.size());
  return word;
}

std::size_t NumberIn(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Takes the mark at the front: true when `text` began with it.
bool TakeMark(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(1);
  return true;
}

Column ColumnOf(std::string_view text) {
  Column column;
  column.name = std::string(TakeWord(text, ":"));
  column.type = text[1];
  text.remove_prefix(2);
  const std::string_view size = TakeWord(text, "!*#=");
  column.width = column.type == 'D' ? 8 : NumberIn(size);
  if (const std::size_t dot = size.find('.'); dot != std::string_view::npos) {
    column.decimals = NumberIn(size.substr(dot + 1));
  }
  if (TakeMark(text, '!')) column.need = Need::kLegal;
  if (TakeMark(text, '*')) column.need = Need::kWanted;
  if (TakeMark(text, '#')) column.digits = NumberIn(TakeWord(text, "="));
  if (!TakeMark(text, '=')) return column;
  while (!text.empty()) {
    column.codes.emplace_back(TakeWord(text, ","));
    TakeMark(text, ',');
  }
  return column;
}

TableLayout LayoutOf(const Written& written) {
  return {written.name, written.geometry, ColumnsOf(written.columns)};
}

const std::vector<TableLayout>& Tables() {
  static const auto& tables = *new std::vector<TableLayout>([] {
    std::vector<TableLayout> all;
    for (const Written& written : kWritten) all.push_back(LayoutOf(written));
    return all;
  }());
  return tables;
}

geo::FieldType TypeOf(char type) {
  switch (type) {
    case 'I':
      return geo::FieldType::kInteger;
    case 'F':
      return geo::FieldType::kReal;
    case 'D':
      return geo::FieldType::kDate;
    default:
      return geo::FieldType::kText;
  }
}

}  // namespace

std::size_t TableLayout::Find(std::string_view column) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& one) { return one.name == column; });
  return static_cast<std::size_t>(found - columns.begin());
}

std::vector<Column> ColumnsOf(std::string_view text) {
  std::vector<Column> columns;
  while (!text.empty()) {
    columns.push_back(ColumnOf(TakeWord(text, " ")));
    TakeMark(text, ' ');
  }
  return columns;
}

std::span<const TableLayout> AllTables() { return Tables(); }

const TableLayout* FindTable(std::string_view name) {
  for (const TableLayout& table : Tables()) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

std::vector<geo::Field> FieldsOf(const TableLayout& table) {
  std::vector<geo::Field> fields;
  for (const Column& column : table.columns) {
    fields.push_back({column.name, TypeOf(column.type), column.width, column.decimals});
  }
  return fields;
}

}  // namespace landbook::exchange
