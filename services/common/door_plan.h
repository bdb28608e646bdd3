// What the door checks of one message type, read from its descriptor once.
#ifndef LANDBOOK_SERVICES_COMMON_DOOR_PLAN_H_
#define LANDBOOK_SERVICES_COMMON_DOOR_PLAN_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <vector>

namespace landbook::common {

struct DoorPlan;

// The most bytes of a text where the proto states none.
inline constexpr std::uint32_t kTextBytesMax = 1024;

// The checks of one field.
struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  // The plan of its message type; null for scalars. Types may nest in themselves.
  const DoorPlan* message = nullptr;
  bool required = false;
  bool may_be_unspecified = false;
  bool output_only = false;
  bool civil_date = false;
  bool area_m2 = false;
  // Its text is a person's and never shown in a sentence.
  bool is_private = false;
  // The most bytes; 0 means that only the message's own limit holds.
  std::uint32_t bytes_max = 0;
};

// The checks of a message type: fields by number, and the oneofs of which a member has to be there.
struct DoorPlan {
  std::vector<FieldPlan> fields;
  std::vector<const google::protobuf::OneofDescriptor*> oneofs;
  // For a type that comes by the million (door_glance.h): true for a message that has nothing
  // wrong, so that its fields need not be looked at one by one. Null for all others.
  bool (*glance)(const google::protobuf::Message& message) = nullptr;
};

// The plan of `type`, made when it is asked for the first time and kept until the process ends. May
// be called from any thread.
const DoorPlan& PlanOf(const google::protobuf::Descriptor& type);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_DOOR_PLAN_H_
