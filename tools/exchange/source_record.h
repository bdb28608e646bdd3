// What an exchange package says of a person and no field of the book holds, as the text that the
// person's private `source_record` keeps: a line `TABLE.FIELD=value` each, sorted by what stands
// before the sign.
#ifndef LANDBOOK_TOOLS_EXCHANGE_SOURCE_RECORD_H_
#define LANDBOOK_TOOLS_EXCHANGE_SOURCE_RECORD_H_

#include <map>
#include <string>
#include <string_view>

namespace landbook::exchange {

using SourceRecord = std::map<std::string, std::string>;

// The text of a record: a backslash stands before a backslash and for the end of a line ("\n").
// REQUIRES: no key holds '=' or an end of line.
std::string FormatSourceRecord(const SourceRecord& record);

// The record of such a text; lines that are none are left out.
SourceRecord ParseSourceRecord(std::string_view text);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_SOURCE_RECORD_H_
