#include "services/common/identity.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

#include "landbook/v1/registry_service.pb.h"

namespace landbook::common {
namespace {

const google::protobuf::MethodDescriptor& Method(const std::string& name) {
  return *v1::GetPlotRequest::descriptor()
              ->file()
              ->FindServiceByName("RegistryService")
              ->FindMethodByName(name);
}

v1::Actor ActorOf(const std::string& text) { return *ActorFromText(text); }

TEST(IdentityTest, NamesRoleAndCounty) {
  EXPECT_EQ(ActorOf("li").principal(), "li");
  EXPECT_EQ(ActorOf("li").role(), v1::ROLE_CITIZEN);
  EXPECT_EQ(ActorOf("li").county(), "");
  EXPECT_EQ(ActorOf("李:trading_centre").role(), v1::ROLE_TRADING_CENTRE);
  EXPECT_EQ(ActorOf("li:registrar@370303").county(), "370303");
}

TEST(IdentityTest, RefusesWhatIsNoIdentity) {
  for (const char* text : {"", ":registrar", "li:", "li:Registrar", "li:role_registrar",
                           "li:unspecified", "li:registrar@", "li:registrar@3703",
                           "li:registrar@37030a", "a\nb", "\xff", "li:@370303"}) {
    const Outcome<v1::Actor> actor = ActorFromText(text);
    ASSERT_FALSE(actor.ok()) << text;
    EXPECT_EQ(actor.refusals()[0].reason(), "IDENTITY_MALFORMED");
  }
  EXPECT_TRUE(ActorFromText(std::string(64, 'a')).ok());
  EXPECT_FALSE(ActorFromText(std::string(65, 'a')).ok());
}

TEST(IdentityTest, EveryRoleHasAName) {
  for (int number = 1; number <= v1::Role_MAX; ++number) {
    const auto role = static_cast<v1::Role>(number);
    EXPECT_EQ(RoleNamed(RoleName(role)), role);
  }
  EXPECT_EQ(RoleNamed("unspecified"), std::nullopt);
}

TEST(IdentityTest, MetadataComesBackAsItWent) {
  EXPECT_EQ(EncodeMetadata("李 a%"), "%E6%9D%8E%20a%25");
  EXPECT_EQ(DecodeMetadata("%4"), std::nullopt);
  EXPECT_EQ(DecodeMetadata("%zz"), std::nullopt);
  EXPECT_TRUE(rc::check([] {
    const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    RC_ASSERT(DecodeMetadata(EncodeMetadata(text)) == text);
  }));
}

TEST(IdentityTest, LocalIdentityIsWhatTheClientSays) {
  const InsecureLocalIdentity local;
  EXPECT_EQ(local.Identify({}).refusals()[0].reason(), "IDENTITY_MISSING");
  EXPECT_EQ(local.Identify({"%E6%9D%8E:bank"})->principal(), "李");
  EXPECT_EQ(local.Identify({"%"}).refusals()[0].reason(), "IDENTITY_MALFORMED");
}

TEST(IdentityTest, ACertificateSaysWhoCalls) {
  const CertifiedIdentity certified;
  EXPECT_EQ(certified.Identify({.as = "li:registrar"}).refusals()[0].reason(), "IDENTITY_MISSING");
  EXPECT_EQ(certified.Identify({.certified_name = ""}).refusals()[0].reason(), "IDENTITY_MISSING");
  const auto alone = certified.Identify({.certified_name = "李"});
  ASSERT_TRUE(alone.ok());
  EXPECT_EQ(alone->principal(), "李");
  EXPECT_EQ(alone->role(), v1::ROLE_CITIZEN);
  const auto registrar = certified.Identify({.as = "li:registrar@370303", .certified_name = "li"});
  ASSERT_TRUE(registrar.ok());
  EXPECT_EQ(registrar->role(), v1::ROLE_REGISTRAR);
  EXPECT_EQ(registrar->county(), "370303");
  for (const char* as : {"wang:registrar", "%", "li:king"}) {
    const auto refused = certified.Identify({.as = as, .certified_name = "li"});
    ASSERT_FALSE(refused.ok()) << as;
    EXPECT_EQ(refused.refusals()[0].reason(), "IDENTITY_MALFORMED");
  }
}

TEST(IdentityTest, AServicePassesTheOfficerOn) {
  const CertifiedIdentity certified;
  const Credentials service{.certified_name = "ConveyanceService",
                            .certified_service = true,
                            .on_behalf = "%E6%9D%8E:registrar@370303"};
  const auto officer = IdentifyActor(certified, service);
  ASSERT_TRUE(officer.ok());
  EXPECT_EQ(officer->principal(), "李");
  EXPECT_EQ(officer->role(), v1::ROLE_REGISTRAR);
  EXPECT_EQ(officer->county(), "370303");
  ASSERT_EQ(officer->via_size(), 1);
  EXPECT_EQ(officer->via(0), "ConveyanceService");

  const Credentials same_process{
      .as = "ConveyanceService", .on_behalf = "li", .same_process = true};
  EXPECT_EQ(IdentifyActor(certified, same_process)->via(0), "ConveyanceService");
  const Credentials local{.as = "ConveyanceService", .on_behalf = "li:intake"};
  EXPECT_EQ(IdentifyActor(InsecureLocalIdentity(), local)->role(), v1::ROLE_INTAKE);
}

TEST(IdentityTest, OnlyAServicePassesAnybodyOn) {
  const CertifiedIdentity certified;
  const Credentials officer{.certified_name = "li", .on_behalf = "wang:registrar"};
  EXPECT_EQ(IdentifyActor(certified, officer).refusals()[0].reason(), "ROLE_NOT_ALLOWED");
  const Credentials administrator{
      .certified_name = "li", .certified_administrator = true, .on_behalf = "wang:registrar"};
  EXPECT_EQ(IdentifyActor(certified, administrator).refusals()[0].reason(), "ROLE_NOT_ALLOWED");
  const Credentials without{.as = "ConveyanceService", .on_behalf = "wang:registrar"};
  EXPECT_EQ(IdentifyActor(certified, without).refusals()[0].reason(), "IDENTITY_MISSING");
  for (const char* name : {"%", "wang:king", ""}) {
    const Credentials malformed{
        .certified_name = "ConveyanceService", .certified_service = true, .on_behalf = name};
    EXPECT_EQ(IdentifyActor(certified, malformed).refusals()[0].reason(), "IDENTITY_MALFORMED");
  }
}

TEST(AccessTest, OnlyListedRolesMayCall) {
  EXPECT_FALSE(CheckRole(ActorOf("li:registrar"), Method("Commit")).has_value());
  const auto refused = CheckRole(ActorOf("li:citizen"), Method("Commit"));
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->reason(), "ROLE_NOT_ALLOWED");
  EXPECT_NE(refused->message_en().find("administrator, intake, reviewer, registrar, surveyor"),
            std::string::npos);
  EXPECT_FALSE(CheckRole(ActorOf("li:citizen"), Method("GetPlot")).has_value());
}

TEST(AccessTest, SomeRolesMayCallAboutWhatIsTheirOwn) {
  EXPECT_TRUE(CheckRole(ActorOf("bank:bank"), Method("GetMortgage")).has_value());
  EXPECT_TRUE(MayCallForOwn(ActorOf("bank:bank"), Method("GetMortgage")));
  EXPECT_FALSE(MayCallForOwn(ActorOf("bank:bank"), Method("GetRight")));
  EXPECT_FALSE(MayCallForOwn(ActorOf("li:registrar"), Method("GetMortgage")));
}

TEST(AccessTest, ASilentMethodIsDeniedToEverybody) {
  google::protobuf::FileDescriptorProto file;
  file.set_name("silent.proto");
  file.add_message_type()->set_name("M");
  auto& service = *file.add_service();
  service.set_name("S");
  auto& method = *service.add_method();
  method.set_name("Quiet");
  method.set_input_type("M");
  method.set_output_type("M");
  google::protobuf::DescriptorPool pool;
  const auto* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  const auto refused = CheckRole(ActorOf("root:administrator"), *built->service(0)->method(0));
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->reason(), "ROLE_NOT_ALLOWED");
}

TEST(AccessTest, EveryMethodOfTheRegistryNamesItsRoles) {
  const auto& service = *Method("Commit").service();
  for (int i = 0; i < service.method_count(); ++i) {
    const auto& method = *service.method(i);
    const v1::MethodAccess& access = method.options().GetExtension(v1::access);
    EXPECT_GT(access.roles_size(), 0) << method.name();
    if (!access.per_county()) continue;
    EXPECT_NE(method.input_type()->FindFieldByName("county"), nullptr) << method.name();
  }
}

TEST(AccessTest, TheCountyHasToFit) {
  v1::GetPlotRequest request;
  request.set_county("370303");
  const auto& method = Method("GetPlot");
  EXPECT_EQ(CountyOfRequest(method, request), "370303");
  EXPECT_EQ(CountyOfRequest(Method("GetCounty"), request), std::nullopt);
  EXPECT_FALSE(CheckCounty(ActorOf("li"), "370303").has_value());
  EXPECT_FALSE(CheckCounty(ActorOf("li:bank@370303"), "370303").has_value());
  const auto refused = CheckCounty(ActorOf("li:bank@370304"), "370303");
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->reason(), "COUNTY_NOT_ALLOWED");
}

}  // namespace
}  // namespace landbook::common
