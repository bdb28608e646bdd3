// What a key of a book is about, in words that an operator understands.
#ifndef LANDBOOK_SERVICES_REGISTRY_KEY_WORDS_H_
#define LANDBOOK_SERVICES_REGISTRY_KEY_WORDS_H_

#include <string>
#include <string_view>

namespace landbook::registry {

// "right 5", "plot 7 as it stood until entry 9", "the window index of tier 2, plot 7", "code
// 3703... of the plots", "the counter of certificates". `key` is without its book number and may be
// anything; what cannot be understood is told in hexadecimal digits. Never a value, and of private
// fields no key.
std::string KeyInWords(std::string_view key);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_KEY_WORDS_H_
