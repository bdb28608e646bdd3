// What every verb takes.
#ifndef LANDBOOK_TOOLS_LANDBOOK_SETTINGS_H_
#define LANDBOOK_TOOLS_LANDBOOK_SETTINGS_H_

#include <string>

namespace landbook::tools {

enum class OutputFormat { kTable, kJson };

// The flags that stand before or after any verb.
struct Settings {
  // HOST:PORT of the server.
  std::string server = "127.0.0.1:7600";
  // OFFICER[:ROLE[@COUNTY]], for a server that takes the caller's word (--insecure-local).
  std::string officer;
  // Why persons, units or rights are asked for, and the document behind that; for the access log.
  std::string purpose = {};
  std::string purpose_document = {};
  // The six digits of the county that the verb is about; empty when none was named.
  std::string county;
  OutputFormat output = OutputFormat::kTable;
  // Files of a TLS client: its certificate, its key, and whom it trusts. Any of them asks for TLS.
  std::string certificate_file;
  std::string key_file;
  std::string authority_file;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_SETTINGS_H_
