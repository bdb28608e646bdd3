// Who calls, and what they may: the one place where identity and access are decided.
//
// A method's roles stand in its proto option (landbook.v1.access); a method that is silent is
// denied to everybody. Identity comes from a source: with TLS it is the name in the client's
// certificate, on loopback without TLS what the client says of itself in the metadata key
// `landbook-as`. A service that works for an officer passes the officer on in `landbook-on-behalf`:
// the officer is then the actor, and the service stands in `via`.
#ifndef LANDBOOK_SERVICES_COMMON_IDENTITY_H_
#define LANDBOOK_SERVICES_COMMON_IDENTITY_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "landbook/v1/common.pb.h"
#include "landbook/v1/options.pb.h"
#include "services/common/refusal.h"

namespace landbook::common {

// The request metadata that names the caller. Its value is OFFICER[:ROLE[@COUNTY]] in UTF-8 with
// every byte outside printable ASCII, and the percent sign, written as %XX.
inline constexpr char kIdentityKey[] = "landbook-as";

// The request metadata by which a service names the officer it works for, written as kIdentityKey.
inline constexpr char kOnBehalfKey[] = "landbook-on-behalf";

// The request metadata by which a service of the same process shows that it is one: a secret that
// the process made for itself (FrameParts::process_pass).
inline constexpr char kProcessPassKey[] = "landbook-process-pass";

// The request metadata by which a caller says why it asks for persons, units or rights, and by
// which document (the holder's consent, an organ's letter); each percent-encoded, at most so many
// bytes. They are kept in the access log.
inline constexpr char kPurposeKey[] = "landbook-purpose";
inline constexpr char kPurposeDocumentKey[] = "landbook-purpose-document";
inline constexpr std::size_t kPurposeBytesMax = 512;

// The role of that lower-case name ("trading_centre"); nullopt when there is none.
std::optional<v1::Role> RoleNamed(std::string_view name);
// The lower-case name of `role`: "registrar".
std::string RoleName(v1::Role role);

// The actor that OFFICER[:ROLE[@COUNTY]] names, before percent-encoding; no role means citizen, no
// county means all. IDENTITY_MALFORMED when the name is empty, longer than 64 bytes or not plain
// text, the role unknown, or the county not six digits.
Outcome<v1::Actor> ActorFromText(std::string_view text);

// `text` as a metadata value, and back; nullopt for a value that is not so written.
std::string EncodeMetadata(std::string_view text);
std::optional<std::string> DecodeMetadata(std::string_view value);

// What a call brings to prove who makes it.
struct Credentials {
  // The value of kIdentityKey; nullopt when it is absent.
  std::optional<std::string> as = {};
  // The common name of the caller's certificate, which TLS has verified; nullopt without one.
  std::optional<std::string> certified_name = {};
  // Whether the certificate has kAdministratorUri among its names.
  bool certified_administrator = false;
  // Whether it has kServiceUri among them.
  bool certified_service = false;
  // The value of kOnBehalfKey; nullopt when it is absent.
  std::optional<std::string> on_behalf = {};
  // True for a call of a service in this process, which showed the process's own pass.
  bool same_process = false;
};

// The subject alternative name (RFC 5280, 4.2.1.6) of certificates whose holders administer the
// server: they make county books and move a trial clock. It gives no role in any book.
inline constexpr char kAdministratorUri[] = "urn:landbook:administrator";

// That of certificates of services, which may pass on the officers they work for.
inline constexpr char kServiceUri[] = "urn:landbook:service";

// Turns credentials into an actor. May be called from any thread.
class IdentitySource {
 public:
  virtual ~IdentitySource() = default;
  // The actor; IDENTITY_MISSING or IDENTITY_MALFORMED when the credentials do not name one.
  virtual Outcome<v1::Actor> Identify(const Credentials& credentials) const = 0;
  // Whether who brings the credentials is believed when it names an officer that it works for.
  virtual bool MayPassOn(const Credentials& credentials) const = 0;
};

// Who acts: whom `source` makes out, or the officer whom that caller passes on, with the caller in
// `via`. ROLE_NOT_ALLOWED when the caller may not pass anybody on; IDENTITY_MALFORMED for a name
// that cannot be read.
Outcome<v1::Actor> IdentifyActor(const IdentitySource& source, const Credentials& credentials);

// Believes what the client says of itself: for loopback only (server_frame.h sees to that).
class InsecureLocalIdentity : public IdentitySource {
 public:
  Outcome<v1::Actor> Identify(const Credentials& credentials) const override;
  // True: the caller's word is taken for everything.
  bool MayPassOn(const Credentials& credentials) const override;
};

// Believes the caller's certificate: its common name is who calls. In which role and for which
// county the caller acts stands in the metadata, OFFICER[:ROLE[@COUNTY]] with the same officer;
// whether the officer has that role there is for the appointments to say (Appointments). A service
// of this process has no certificate, and is who it says.
class CertifiedIdentity : public IdentitySource {
 public:
  Outcome<v1::Actor> Identify(const Credentials& credentials) const override;
  // True for a service's certificate, and for a service of this process.
  bool MayPassOn(const Credentials& credentials) const override;
};

// Says which roles officers have. May be called from any thread.
class Appointments {
 public:
  virtual ~Appointments() = default;
  // Why `actor` does not act in that role in `county` today: NOT_APPOINTED; nullopt when it does.
  virtual std::optional<v1::Refusal> Check(const v1::Actor& actor,
                                           std::string_view county) const = 0;
};

// NOT_APPOINTED: the actor has the role neither in `county` nor, when that is empty, over the
// server.
v1::Refusal NotAppointed(const v1::Actor& actor, std::string_view county);

// Why `actor` may not call `method` at all: ROLE_NOT_ALLOWED; nullopt when it may. Whether the
// county fits is asked when the request is known.
std::optional<v1::Refusal> CheckRole(const v1::Actor& actor,
                                     const google::protobuf::MethodDescriptor& method);

// Whether the method lets the actor's role see what is its own (own_roles).
bool MayCallForOwn(const v1::Actor& actor, const google::protobuf::MethodDescriptor& method);

// Why `actor` may not act in `county`: COUNTY_NOT_ALLOWED; nullopt when it may. An actor without a
// county may act in all.
std::optional<v1::Refusal> CheckCounty(const v1::Actor& actor, std::string_view county);

// The request's own `county` field, for methods that are of one county; nullopt for others.
std::optional<std::string> CountyOfRequest(const google::protobuf::MethodDescriptor& method,
                                           const google::protobuf::Message& request);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_IDENTITY_H_
