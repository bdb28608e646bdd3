// The door: what can be said of a request from its proto alone, before anything looks at it.
//
// Every field behaviour that the protos declare (landbook.v1.rule in options.proto) is checked here
// and nowhere else, so everything behind the door may assert it. All that is wrong is told, with
// paths as protobuf JSON writes fields, in snake case: "commit.acts[2].grant_right.term.end_date".
//
//   FIELD_UNKNOWN        a field that this server does not know, at any depth
//   FIELD_REQUIRED       `required`, and absent (or at its default, for a field without presence)
//   FIELD_UNSPECIFIED    an enum at its zero value, unless `may_be_unspecified`
//   FIELD_OUTPUT_ONLY    `output_only`, and set
//   FIELD_TOO_LONG       a text above `bytes_max` (1,024 where none is stated); bytes only where
//                        one is stated
//   DATE_MALFORMED       `civil_date`, and not a day of the calendar as YYYY-MM-DD
//   AREA_MALFORMED       `area_m2`, and not an area in m2 with at most two decimals
//   ONEOF_REQUIRED       no member of a oneof, unless the oneof may be empty (door.cc lists those)
//   VALUE_OUT_OF_RANGE   an enum value that the proto does not have
//   TEXT_NOT_UTF8        a text that is not UTF-8
//
// What is absent is not looked into: an optional enum or message that is not there is not refused
// unless it is required.
#ifndef LANDBOOK_SERVICES_COMMON_DOOR_H_
#define LANDBOOK_SERVICES_COMMON_DOOR_H_

#include <google/protobuf/message.h>

#include <cstddef>
#include <string_view>

#include "services/common/refusal.h"

namespace landbook::common {

// The most refusals that one request is told; a request made to be wrong in a million places costs
// no more than one that is wrong in a thousand.
inline constexpr std::size_t kDoorRefusalsMax = 1'000;

// Everything wrong with `request`, in the order of field numbers and positions, unknown fields of a
// message first; empty when nothing is. The rules of each message type are read from its descriptor
// once and kept. May be called from any thread.
RefusalList CheckRequest(const google::protobuf::Message& request);

// True when `text` is an area in m2 as the protos write it: "1234.56", at most twelve digits and
// two decimals, no sign, no exponent, no leading zero.
bool IsAreaText(std::string_view text);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_DOOR_H_
