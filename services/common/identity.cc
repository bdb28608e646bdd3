#include "services/common/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "geo/utf8.h"
#include "storage/check.h"

namespace landbook::common {
namespace {

constexpr std::size_t kPrincipalBytesMax = 64;
constexpr std::string_view kPrefix = "ROLE_";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsPlain(std::string_view text) {
  return geo::IsUtf8(text) && std::none_of(text.begin(), text.end(),
                                           [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool IsCounty(std::string_view text) {
  return text.size() == 6 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

v1::Refusal Malformed(std::string english, std::string chinese) {
  return Refuse(
      Reason::IDENTITY_MALFORMED, "",
      {english + "; send OFFICER[:ROLE[@COUNTY]]", chinese + "；格式为 姓名[:角色[@县代码]]"});
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::optional<v1::Role> RoleNamed(std::string_view name) {
  if (std::any_of(name.begin(), name.end(), [](char c) { return c != Lower(c); })) {
    return std::nullopt;
  }
  for (int number = v1::Role_MIN; number <= v1::Role_MAX; ++number) {
    const auto role = static_cast<v1::Role>(number);
    if (role != v1::ROLE_UNSPECIFIED && RoleName(role) == name) return role;
  }
  return std::nullopt;
}

std::string RoleName(v1::Role role) {
  std::string name = v1::Role_Name(role);
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  std::transform(name.begin(), name.end(), name.begin(), Lower);
  return name;
}

Outcome<v1::Actor> ActorFromText(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view principal = text.substr(0, colon);
  if (principal.empty() || principal.size() > kPrincipalBytesMax || !IsPlain(principal)) {
    return Malformed("a name of 1 to 64 bytes of plain text is wanted",
                     "姓名须为 1 至 64 字节的文本");
  }
  v1::Actor actor;
  actor.set_principal(std::string(principal));
  actor.set_role(v1::ROLE_CITIZEN);
  if (colon == std::string_view::npos) return actor;
  const std::string_view rest = text.substr(colon + 1);
  const std::size_t at = rest.find('@');
  const std::optional<v1::Role> role = RoleNamed(rest.substr(0, at));
  if (!role) return Malformed("the role is unknown", "角色未知");
  actor.set_role(*role);
  if (at == std::string_view::npos) return actor;
  const std::string_view county = rest.substr(at + 1);
  if (!IsCounty(county))
    return Malformed("a county code of six digits is wanted", "县代码须为六位数字");
  actor.set_county(std::string(county));
  return actor;
}

std::string EncodeMetadata(std::string_view text) {
  std::string value;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '%') {
      value += c;
    } else {
      value += fmt::format("%{:02X}", byte);
    }
  }
  return value;
}

std::optional<std::string> DecodeMetadata(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      text += value[i];
      continue;
    }
    if (i + 2 >= value.size()) return std::nullopt;
    const int high = HexDigit(value[i + 1]);
    const int low = HexDigit(value[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    text += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return text;
}

Outcome<v1::Actor> InsecureLocalIdentity::Identify(const Credentials& credentials) const {
  if (!credentials.as) {
    return Refuse(Reason::IDENTITY_MISSING, "",
                  {"no caller was named; name one with --as OFFICER[:ROLE[@COUNTY]]",
                   "未说明操作人；请用 --as 姓名[:角色[@县代码]] 指明"});
  }
  const std::optional<std::string> text = DecodeMetadata(*credentials.as);
  if (!text) return Malformed("the caller's name is not percent-encoded", "操作人未按百分号编码");
  return ActorFromText(*text);
}

bool InsecureLocalIdentity::MayPassOn(const Credentials&) const { return true; }

Outcome<v1::Actor> CertifiedIdentity::Identify(const Credentials& credentials) const {
  if (credentials.same_process) return InsecureLocalIdentity().Identify(credentials);
  const std::string name = credentials.certified_name.value_or("");
  if (name.empty()) {
    return Refuse(Reason::IDENTITY_MISSING, "",
                  {"the caller's certificate names nobody; use one with a common name",
                   "客户端证书未载明姓名；请使用载有通用名的证书"});
  }
  const std::optional<std::string> text =
      credentials.as ? DecodeMetadata(*credentials.as) : std::optional<std::string>(name);
  if (!text) return Malformed("the caller's name is not percent-encoded", "操作人未按百分号编码");
  auto actor = ActorFromText(*text);
  if (!actor.ok() || actor->principal() == name) return actor;
  return Refuse(Reason::IDENTITY_MALFORMED, "",
                {fmt::format("{} is named, but the certificate is {}'s; name its holder",
                             actor->principal(), name),
                 fmt::format("所称操作人 {} 与证书持有人 {} 不符", actor->principal(), name)});
}

bool CertifiedIdentity::MayPassOn(const Credentials& credentials) const {
  return credentials.same_process || credentials.certified_service;
}

Outcome<v1::Actor> IdentifyActor(const IdentitySource& source, const Credentials& credentials) {
  auto caller = source.Identify(credentials);
  if (!caller.ok() || !credentials.on_behalf) return caller;
  if (!source.MayPassOn(credentials)) {
    return Refuse(
        Reason::ROLE_NOT_ALLOWED, "",
        {fmt::format("{} names an officer to work for, and is no service; call in your own "
                     "name, or with a certificate that was issued with --service",
                     caller->principal()),
         fmt::format("{} 并非系统服务，不得代他人操作；请以本人名义调用，或者使用以 "
                     "--service 签发的证书",
                     caller->principal())});
  }
  const std::optional<std::string> text = DecodeMetadata(*credentials.on_behalf);
  if (!text) return Malformed("the officer's name is not percent-encoded", "操作人未按百分号编码");
  auto officer = ActorFromText(*text);
  if (officer.ok()) officer->add_via(caller->principal());
  return officer;
}

std::optional<v1::Refusal> CheckRole(const v1::Actor& actor,
                                     const google::protobuf::MethodDescriptor& method) {
  const v1::MethodAccess& access = method.options().GetExtension(v1::access);
  if (std::find(access.roles().begin(), access.roles().end(), actor.role()) !=
      access.roles().end()) {
    return std::nullopt;
  }
  std::string allowed;
  for (const int role : access.roles()) {
    allowed += (allowed.empty() ? "" : ", ") + RoleName(static_cast<v1::Role>(role));
  }
  if (allowed.empty()) allowed = "nobody";
  return Refuse(Reason::ROLE_NOT_ALLOWED, "",
                {fmt::format("{} came as {}; {} is for {}", actor.principal(),
                             RoleName(actor.role()), method.name(), allowed),
                 fmt::format("{} 的角色 {} 无权调用 {}；允许的角色：{}", actor.principal(),
                             RoleName(actor.role()), method.name(), allowed)});
}

bool MayCallForOwn(const v1::Actor& actor, const google::protobuf::MethodDescriptor& method) {
  const auto& roles = method.options().GetExtension(v1::access).own_roles();
  return std::find(roles.begin(), roles.end(), actor.role()) != roles.end();
}

std::optional<v1::Refusal> CheckCounty(const v1::Actor& actor, std::string_view county) {
  if (actor.county().empty() || actor.county() == county) return std::nullopt;
  return Refuse(
      Reason::COUNTY_NOT_ALLOWED, "county",
      {fmt::format("{} acts for county {}, not for \"{}\"; call as an officer of that county",
                   actor.principal(), actor.county(), county),
       fmt::format("{} 属于 {} 县，无权办理 “{}” 的业务", actor.principal(), actor.county(),
                   county)});
}

v1::Refusal NotAppointed(const v1::Actor& actor, std::string_view county) {
  const std::string role = RoleName(actor.role());
  if (county.empty()) {
    return Refuse(
        Reason::NOT_APPOINTED, "",
        {fmt::format("{} does not administer this server; call with a certificate that was "
                     "issued with --administrator",
                     actor.principal()),
         fmt::format("{} 不是本服务器的管理员；请使用以 --administrator 签发的证书",
                     actor.principal())});
  }
  return Refuse(Reason::NOT_APPOINTED, "",
                {fmt::format("{} is not appointed {} in county {} today; ask its administrator",
                             actor.principal(), role, county),
                 fmt::format("{} 今日在 {} 县未被任命为 {}；请联系该县管理员", actor.principal(),
                             county, role)});
}

std::optional<std::string> CountyOfRequest(const google::protobuf::MethodDescriptor& method,
                                           const google::protobuf::Message& request) {
  if (!method.options().GetExtension(v1::access).per_county()) return std::nullopt;
  const auto* field = request.GetDescriptor()->FindFieldByName("county");
  // A method of one county whose request names none is a mistake in the proto, found by any call.
  LANDBOOK_CHECK(field != nullptr &&
                 field->type() == google::protobuf::FieldDescriptor::TYPE_STRING);
  return request.GetReflection()->GetString(request, field);
}

}  // namespace landbook::common
