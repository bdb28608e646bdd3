// A quick look at the messages of which a request may bring a million.
//
// The door reads the rules of a message from its descriptor and its fields by reflection, which
// costs a row of an import more than all that is in it. Here the rules of such a type stand once
// more, as code. A glance may doubt what is in order, and the door then looks closely; it never
// lets through what the door refuses (door_glance_test.cc).
#ifndef LANDBOOK_SERVICES_COMMON_DOOR_GLANCE_H_
#define LANDBOOK_SERVICES_COMMON_DOOR_GLANCE_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace landbook::common {

// Tells that nothing is wrong with a message; false when it has to be looked at closely.
using Glance = bool (*)(const google::protobuf::Message& message);

// The glance at messages of `type`; null for most types.
Glance GlanceAt(const google::protobuf::Descriptor& type);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_DOOR_GLANCE_H_
