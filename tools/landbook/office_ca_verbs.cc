// office-ca create, issue, revoke, list: certificates for a first day. No server takes part.
#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "services/common/identity.h"
#include "storage/secret.h"
#include "tools/landbook/command.h"
#include "tools/office_ca/office_ca.h"

namespace landbook::tools {
namespace {

struct OfficeCaOptions {
  std::string directory;
  std::string name;
  std::vector<std::string> hosts;
  int days = CertificateWish{}.days;
  bool administrator = false;
  bool service = false;
};

// The further name that says what the holder is; empty for an officer and a server.
std::string UriOf(const OfficeCaOptions& options) {
  if (options.administrator) return common::kAdministratorUri;
  return options.service ? common::kServiceUri : "";
}

absl::Status Create(const Command& command, const OfficeCaOptions& options) {
  const auto office =
      OfficeCa::Create(options.directory, options.name, absl::Now(), storage::SystemRandom());
  if (!office.ok()) return office.status();
  command.out << fmt::format(
      "{0}/ca.pem is what servers (--client-ca) and clients (--ca) trust, and {0}/revoked what "
      "servers "
      "look up (--client-revoked).\nKeep {0}/ca.key.pem off every server.\n",
      options.directory);
  return absl::OkStatus();
}

absl::Status Issue(const Command& command, const OfficeCaOptions& options) {
  auto office = OfficeCa::Open(options.directory);
  if (!office.ok()) return office.status();
  const CertificateWish wish{
      .name = options.name,
      .use = options.hosts.empty() ? CertificateUse::kClient : CertificateUse::kServer,
      .hosts = options.hosts,
      .uri = UriOf(options),
      .days = options.days};
  const auto issued = office->Issue(wish, absl::Now(), storage::SystemRandom());
  if (!issued.ok()) return issued.status();
  command.out << issued->certificate << "\n" << issued->key << "\n";
  return absl::OkStatus();
}

absl::Status Revoke(const Command& command, const OfficeCaOptions& options) {
  auto office = OfficeCa::Open(options.directory);
  if (!office.ok()) return office.status();
  const auto revoked = office->Revoke(options.name, absl::Now());
  if (!revoked.ok()) return revoked.status();
  command.out << fmt::format("{} revoked: {}\n", options.name, *revoked);
  return absl::OkStatus();
}

std::string DayOf(absl::Time time) {
  return std::string(absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone()));
}

absl::Status List(const Command& command, const OfficeCaOptions& options) {
  const auto office = OfficeCa::Open(options.directory);
  if (!office.ok()) return office.status();
  Table table({"serial", "for", "issued", "revoked", "name"});
  for (const IssuedCertificate& one : office->issued()) {
    table.Add({fmt::format("{:016x}", one.serial),
               one.use == CertificateUse::kServer ? "server" : "client", DayOf(one.issued),
               one.revoked ? DayOf(*one.revoked) : "", one.name});
  }
  table.Print(command.out);
  return absl::OkStatus();
}

using OfficeCaVerb = absl::Status (*)(const Command&, const OfficeCaOptions&);

CLI::App* AddVerb(CLI::App& office_ca, Command& command, const std::string& name,
                  const std::string& what, OfficeCaVerb run,
                  const std::shared_ptr<OfficeCaOptions>& options) {
  CLI::App* verb = office_ca.add_subcommand(name, what);
  verb->add_option("DIR", options->directory, "the authority's directory")->required();
  verb->callback([options, run, &command] {
    command.action = [options, run, &command] { return run(command, *options); };
  });
  return verb;
}

}  // namespace

void AddOfficeCaVerbs(CLI::App& app, Command& command) {
  CLI::App* office_ca =
      app.add_subcommand("office-ca", "an office's own authority for TLS certificates");
  office_ca->require_subcommand(1);
  const auto options = std::make_shared<OfficeCaOptions>();
  AddVerb(*office_ca, command, "create", "makes an authority", Create, options)
      ->add_option("--name", options->name, "the office's name")
      ->required();
  CLI::App* issue =
      AddVerb(*office_ca, command, "issue", "a certificate and its key, for an officer or a server",
              Issue, options);
  issue->add_option("NAME", options->name, "the officer, as the books appoint it, or the server")
      ->required();
  issue->add_option("--host", options->hosts, "a name or an address of the server; makes it one");
  issue->add_flag("--administrator", options->administrator,
                  "the holder administers the server: makes county books, moves a trial clock");
  issue
      ->add_flag(
          "--service", options->service,
          "the holder is a service of Landbook, which passes officers on (ConveyanceService)")
      ->excludes("--administrator");
  issue->add_option("--days", options->days, "how long it is valid")->capture_default_str();
  AddVerb(*office_ca, command, "revoke", "revokes all certificates of a name", Revoke, options)
      ->add_option("NAME", options->name, "whose")
      ->required();
  AddVerb(*office_ca, command, "list", "what was issued", List, options);
}

}  // namespace landbook::tools
