// The mapping file: what a delivery calls the standard's tables and columns, for layouts that
// nobody foresaw.
//
// A text in UTF-8, a line each; what follows a '#' is a comment:
//
//   CBF.CBFMC = 户主姓名             the column 户主姓名 of the table CBF is CBFMC
//   CBF.CBFLX := 1                   CBFLX is 1 where the delivery has no such column, or leaves it
//                                    blank: the office states it for the whole delivery
//   CBF < 承包方.csv                 the table CBF lies in the file 承包方.csv (a layer of a
//                                    GeoPackage: 数据.gpkg:承包方)
//
// What a mapping states with := is a legal fact that somebody answers for; nothing is ever filled
// in without it.
#ifndef LANDBOOK_TOOLS_EXCHANGE_FIELD_MAPPING_H_
#define LANDBOOK_TOOLS_EXCHANGE_FIELD_MAPPING_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace landbook::exchange {

struct FieldMapping {
  using TableColumn = std::pair<std::string, std::string>;
  std::map<TableColumn, std::string> columns;  // the delivery's name of a column
  std::map<TableColumn, std::string> stated;   // what it is where the delivery is silent
  std::map<std::string, std::string> sources;  // the file of a table, and ":layer"
};

// The mapping of such a text. Fails with INVALID_ARGUMENT that names the line: one that is no
// mapping, a table or a column that the standard does not have, and what is mapped twice.
absl::StatusOr<FieldMapping> ParseFieldMapping(std::string_view text);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_FIELD_MAPPING_H_
