// Request ids: what makes a write safe to send twice.
#ifndef LANDBOOK_TOOLS_LANDBOOK_REQUEST_ID_H_
#define LANDBOOK_TOOLS_LANDBOOK_REQUEST_ID_H_

#include <string>

namespace landbook::tools {

// 32 hexadecimal digits that no other request has: 128 bits of the system's randomness.
std::string NewRequestId();

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_REQUEST_ID_H_
