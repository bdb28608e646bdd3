#include "tools/landbook/command_line.h"

#include <map>
#include <ostream>

#include "tools/landbook/command.h"
#include "tools/landbook/outcome.h"

namespace landbook::tools {
namespace {

void AddSettings(CLI::App& app, Settings& settings) {
  app.add_option("--server", settings.server, "HOST:PORT of the server")
      ->envname("LANDBOOK_SERVER")
      ->capture_default_str();
  app.add_option("--as", settings.officer,
                 "who calls, OFFICER[:ROLE[@COUNTY]], for a server that runs --insecure-local");
  app.add_option("--purpose", settings.purpose,
                 "why persons, units or rights are asked for; the access log keeps it");
  app.add_option("--purpose-document", settings.purpose_document,
                 "the document behind that: a consent, an organ's letter");
  app.add_option("--county", settings.county, "the six digits of the county");
  const std::map<std::string, OutputFormat> formats{{"table", OutputFormat::kTable},
                                                    {"json", OutputFormat::kJson}};
  app.add_option("--output", settings.output, "table for people or json for programs")
      ->transform(CLI::CheckedTransformer(formats))
      ->option_text("table|json");
  app.add_option("--cert", settings.certificate_file, "the client's certificate, PEM");
  app.add_option("--key", settings.key_file, "the certificate's private key, PEM");
  app.add_option("--ca", settings.authority_file,
                 "the authority that the server is trusted by, PEM");
}

void AddVerbs(CLI::App& app, Command& command) {
  AddCountyVerbs(app, command);
  AddImportVerb(app, command);
  AddControlVerbs(app, command);
  AddExportVerb(app, command);
  AddCheckVerb(app, command);
  AddPlotVerbs(app, command);
  AddRecordVerbs(app, command);
  AddCommitVerbs(app, command);
  AddCaseVerbs(app, command);
  AddJournalVerbs(app, command);
  AddVerifyVerbs(app, command);
  AddOfficeCaVerbs(app, command);
  AddBenchVerb(app, command);
}

// CLI11 reads the arguments from the last to the first.
std::vector<std::string> Reversed(const std::vector<std::string>& arguments) {
  return {arguments.rbegin(), arguments.rend()};
}

}  // namespace

int RunCommandLine(const std::vector<std::string>& arguments, const Console& console) {
  Command command{console.out, console.err, console.err_is_terminal, {}, {}};
  CLI::App app{"Landbook: a county's book of rural property rights.", "landbook"};
  app.require_subcommand(1);
  app.fallthrough();
  AddSettings(app, command.settings);
  AddVerbs(app, command);
  try {
    app.parse(Reversed(arguments));
  } catch (const CLI::ParseError& error) {
    // Help asked for is an answer; everything else is wrong usage, whatever CLI11 numbers it.
    return app.exit(error, console.out, console.err) == 0 ? kExitDone : kExitUsage;
  }
  return PrintOutcome(command.action(), console.err);
}

}  // namespace landbook::tools
