#include "storage/suite.h"

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "storage/openssl_bridge.h"
#include "storage/random_source_testing.h"

namespace landbook::storage {
namespace {

using ::testing::HasSubstr;

const Suite& kInternational = Suite::Sha256Ed25519();
const Suite& kNational = Suite::Sm3Sm2();

std::string Bytes(std::string_view hex) { return BytesFromHex(hex).value(); }

Secret SomeKey(char byte = 'k') { return Secret::FromBytes(std::string(32, byte)).value(); }

class EverySuite : public ::testing::TestWithParam<const Suite*> {};
INSTANTIATE_TEST_SUITE_P(Suites, EverySuite, ::testing::Values(&kInternational, &kNational),
                         [](const auto& instance) {
                           return instance.param->id() == SuiteId::kSm3Sm2 ? "Sm3Sm2"
                                                                           : "Sha256Ed25519";
                         });

TEST(Suite, IsFoundByNameAndNumber) {
  EXPECT_EQ(Suite::WithName("sha256-ed25519").value(), &kInternational);
  EXPECT_EQ(Suite::WithName("sm3-sm2").value(), &kNational);
  EXPECT_EQ(Suite::WithId(1).value(), &kInternational);
  EXPECT_EQ(Suite::WithId(2).value(), &kNational);
  EXPECT_THAT(std::string(Suite::WithName("md5").status().message()), HasSubstr("sm3-sm2"));
  EXPECT_EQ(Suite::WithId(0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Suite::WithId(3).status().code(), absl::StatusCode::kInvalidArgument);
}

// FIPS 180-4, examples of NIST.
TEST(Suite, GivesThePublishedDigestsOfSha256) {
  EXPECT_EQ(HexOf(kInternational.HashOf("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      HexOf(kInternational.HashOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HexOf(kInternational.HashOf("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// GB/T 32905-2016, annex A.
TEST(Suite, GivesThePublishedDigestsOfSm3) {
  EXPECT_EQ(HexOf(kNational.HashOf("abc")),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string sixty_four;
  for (int i = 0; i < 16; ++i) sixty_four += "abcd";
  EXPECT_EQ(HexOf(kNational.HashOf(sixty_four)),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST_P(EverySuite, HashesPartsAsOneText) {
  const Hash whole = GetParam()->HashOf("register of land");
  EXPECT_EQ(GetParam()->HashOf({"register", " of ", "land"}), whole);
  Hasher hasher(*GetParam());
  hasher.Update("register of");
  hasher.Update(" land");
  EXPECT_EQ(hasher.Finish(), whole);
  hasher.Update("register of land");
  EXPECT_EQ(hasher.Finish(), whole) << "a finished hasher starts again";
}

TEST_P(EverySuite, HashesTheSameInManyThreads) {
  const Hash wanted = GetParam()->HashOf("abc");
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&count, &wanted, suite = GetParam()] {
      for (int i = 0; i < 200; ++i) count += suite->HashOf({"a", "bc"}) == wanted ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, ::testing::Each(0));
}

// RFC 4231, cases 1 and 2; case 6 has a key longer than a block.
TEST(Suite, GivesThePublishedHmacOfSha256) {
  EXPECT_EQ(HexOf(kInternational.Hmac(std::string(20, '\x0b'), {"Hi ", "There"})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(HexOf(kInternational.Hmac("Jefe", {"what do ya want for nothing?"})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(HexOf(kInternational.Hmac(std::string(131, '\xaa'),
                                      {"Test Using Larger Than Block-Size Key - Hash Key First"})),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// RFC 2104 over the digest of the suite, written out: H(K ^ opad || H(K ^ ipad || text)).
Hash HmacByDefinition(const Suite& suite, std::string key, const std::string& text) {
  key.resize(64, '\0');
  std::string inner = key, outer = key;
  for (char& byte : inner) byte = static_cast<char>(byte ^ 0x36);
  for (char& byte : outer) byte = static_cast<char>(byte ^ 0x5c);
  const Hash first = suite.HashOf({inner, text});
  return suite.HashOf({outer, BytesOf(first)});
}

TEST_P(EverySuite, HmacIsThatOfRfc2104) {
  for (const std::string& key : {std::string(), std::string("key"), std::string(64, 'k')}) {
    EXPECT_EQ(GetParam()->Hmac(key, {"te", "xt"}), HmacByDefinition(*GetParam(), key, "text"));
  }
  // After another key the thread's context must not remember it.
  EXPECT_EQ(GetParam()->Hmac({}, {"text"}), HmacByDefinition(*GetParam(), "", "text"));
}

// RFC 5869, appendix A, cases 1 and 3.
TEST(Suite, GivesThePublishedHkdfOfSha256) {
  const std::string key(22, '\x0b');
  const std::string salt = Bytes("000102030405060708090a0b0c");
  const std::string info = Bytes("f0f1f2f3f4f5f6f7f8f9");
  EXPECT_EQ(HexOf(kInternational.Hkdf({key, salt, info}, 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(HexOf(kInternational.Hkdf({key, {}, {}}, 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_P(EverySuite, DerivesAKeyForEachPurpose) {
  const Suite& suite = *GetParam();
  EXPECT_EQ(suite.Derive(SomeKey(), "index"), suite.Derive(SomeKey(), "index"));
  EXPECT_FALSE(suite.Derive(SomeKey(), "index") == suite.Derive(SomeKey(), "wrap"));
  EXPECT_FALSE(suite.Derive(SomeKey(), "index") == suite.Derive(SomeKey('l'), "index"));
}

// SP 800-38D test case 16 of the GCM submission (AES-256, with associated data).
TEST(Bridge, GivesThePublishedAes256Gcm) {
  const std::string key = Bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string nonce = Bytes("cafebabefacedbaddecaf888");
  const std::string associated = Bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string plaintext = Bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  const std::string sealed = openssl::GcmSeal({key, nonce, associated}, plaintext);
  EXPECT_EQ(HexOf(sealed),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            "76fc6ece0f4e1768cddf8853bb2d551b");
  EXPECT_EQ(openssl::GcmOpen({key, nonce, associated}, sealed).value(), plaintext);
  EXPECT_FALSE(openssl::GcmOpen({key, nonce, ""}, sealed).ok());
}

// GB/T 32907-2016, annex A: in counter mode a text of zeros shows the block of the counter.
TEST(Bridge, GivesThePublishedBlockOfSm4) {
  const std::string block = Bytes("0123456789abcdeffedcba9876543210");
  EXPECT_EQ(HexOf(openssl::Sm4Counter({block, block}, std::string(16, '\0'))),
            "681edf34d206965e86b3e94f536e4246");
}

TEST_P(EverySuite, OpensWhatItSealed) {
  const Suite& suite = *GetParam();
  SeededRandom random(1);
  for (const std::string& plaintext :
       {std::string(), std::string("张三"), std::string(1000, 'x')}) {
    for (const std::string& associated : {std::string(), std::string("party 7")}) {
      const std::string sealed = suite.Seal(SomeKey(), {plaintext, associated}, random).value();
      EXPECT_EQ(sealed.size(), plaintext.size() + suite.SealOverhead());
      EXPECT_EQ(suite.Open(SomeKey(), {sealed, associated}).value(), plaintext);
    }
  }
}

TEST_P(EverySuite, SealsTheSameTextDifferentlyEachTime) {
  SeededRandom random(1);
  const PlainMessage message{"张三", "party 7"};
  EXPECT_NE(GetParam()->Seal(SomeKey(), message, random).value(),
            GetParam()->Seal(SomeKey(), message, random).value());
}

TEST_P(EverySuite, OpensNothingThatWasChanged) {
  const Suite& suite = *GetParam();
  SeededRandom random(2);
  const std::string sealed = suite.Seal(SomeKey(), {"name", "party 7"}, random).value();
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_EQ(suite.Open(SomeKey(), {changed, "party 7"}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << "byte " << i;
    EXPECT_FALSE(suite.Open(SomeKey(), {sealed.substr(0, i), "party 7"}).ok());
  }
  EXPECT_FALSE(suite.Open(SomeKey(), {sealed, "party 8"}).ok());
  EXPECT_FALSE(suite.Open(SomeKey('l'), {sealed, "party 7"}).ok());
  EXPECT_FALSE(suite.Open(SomeKey(), {sealed + "x", "party 7"}).ok());
}

TEST_P(EverySuite, SealsNothingWithoutRandomness) {
  EmptyRandom random;
  EXPECT_EQ(GetParam()->Seal(SomeKey(), {"name", ""}, random).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST(Suite, OpensOnlyItsOwnSeals) {
  SeededRandom random(3);
  const std::string sealed = kNational.Seal(SomeKey(), {"name", ""}, random).value();
  EXPECT_THAT(std::string(kInternational.Open(SomeKey(), {sealed, ""}).status().message()),
              HasSubstr("begin with 2"));
}

// The bytes on disk, from seeds that make the nonces: FORMAT.md, "Sealed bytes".
TEST(Suite, SealsToTheseBytes) {
  SeededRandom random(4);
  EXPECT_EQ(HexOf(kInternational.Seal(SomeKey(), {"name", "party 7"}, random).value()),
            "01c974980f8c0ed709c1c6ac72f4f2117602aa1fabf719c3bb2e797693d5faeba0");
  EXPECT_EQ(HexOf(kNational.Seal(SomeKey(), {"name", "party 7"}, random).value()),
            "02785fe9b05d33e9bdd753ee71453ce5ec7f3c175796aa5d207d0ee9465cca2d1b5bc2664e7318f662b16c"
            "3900370cfc988d06a466");
}

// RFC 8032, 7.1, test 2.
TEST(SigningKey, GivesThePublishedSignatureOfEd25519) {
  const std::string seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
  const std::string der = Bytes("302e020100300506032b657004220420" + seed);
  const std::string pem =
      "-----BEGIN PRIVATE KEY-----\n" + openssl::Base64(der) + "\n-----END PRIVATE KEY-----\n";
  const auto key = SigningKey::FromPem(kInternational, pem);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(HexOf(key->public_key().raw()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(HexOf(key->Sign("\x72").value()),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

// GB/T 32918.5-2017, annex A.2: the recommended curve and the usual signer identity.
TEST(VerifyingKey, AcceptsThePublishedSignatureOfSm2) {
  const std::string der = Bytes(
      "3059301306072a8648ce3d020106082a811ccf5501822d03420004"
      "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
      "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
  const auto key = VerifyingKey::FromDer(kNational, der);
  ASSERT_TRUE(key.ok()) << key.status();
  const std::string signature = Bytes(
      "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
      "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
  EXPECT_TRUE(key->Verify("message digest", signature).ok());
  EXPECT_FALSE(key->Verify("message digesT", signature).ok());
  EXPECT_FALSE(key->Verify("message digest", signature + '\0').ok());
  EXPECT_EQ(key->raw().size(), 65u);
  EXPECT_EQ(key->raw().front(), '\x04');
}

TEST_P(EverySuite, VerifiesWhatItSigned) {
  const SigningKey key = SigningKey::Generate(*GetParam()).value();
  const std::string signature = key.Sign("head of the book").value();
  EXPECT_TRUE(key.public_key().Verify("head of the book", signature).ok());
  EXPECT_EQ(key.public_key().Verify("head of the cook", signature).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(key.public_key().Verify("head of the book", "").ok());
  const SigningKey other = SigningKey::Generate(*GetParam()).value();
  EXPECT_FALSE(other.public_key().Verify("head of the book", signature).ok());
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(key.public_key().Verify("head of the book", changed).ok()) << "byte " << i;
  }
}

TEST_P(EverySuite, KeysComeBackFromTheirText) {
  const SigningKey key = SigningKey::Generate(*GetParam()).value();
  const SigningKey again = SigningKey::FromPem(*GetParam(), key.ToPem().value()).value();
  EXPECT_EQ(again.public_key().der(), key.public_key().der());
  EXPECT_EQ(again.public_key().id(), key.public_key().id());
  EXPECT_TRUE(key.public_key().Verify("text", again.Sign("text").value()).ok());
  const VerifyingKey reader = VerifyingKey::FromDer(*GetParam(), key.public_key().der()).value();
  EXPECT_TRUE(reader.Verify("text", key.Sign("text").value()).ok());
  EXPECT_EQ(HexOf(reader.id()), HexOf(GetParam()->HashOf(reader.der())).substr(0, 16));
}

TEST_P(EverySuite, RefusesWhatIsNoKeyOfItsOwn) {
  const Suite& other = GetParam() == &kNational ? kInternational : kNational;
  const SigningKey foreign = SigningKey::Generate(other).value();
  for (const std::string& text : {std::string(), std::string("no key"), foreign.ToPem().value()}) {
    EXPECT_EQ(SigningKey::FromPem(*GetParam(), text).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  const std::string own = SigningKey::Generate(*GetParam()).value().public_key().der();
  for (const std::string& der :
       {std::string(), own.substr(0, own.size() - 1), own + "x", foreign.public_key().der()}) {
    EXPECT_EQ(VerifyingKey::FromDer(*GetParam(), der).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(Secret, ComesFromItsSource) {
  SeededRandom once(9), again(9);
  EmptyRandom empty;
  EXPECT_EQ(Secret::Fresh(once).value(), Secret::Fresh(again).value());
  EXPECT_FALSE(Secret::Fresh(SystemRandom()).value() == Secret::Fresh(SystemRandom()).value());
  EXPECT_EQ(Secret::Fresh(empty).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Secret::FromBytes("short").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Secret, WipingLeavesZeros) {
  std::vector<std::uint8_t> bytes(40, 7);
  Wipe(bytes);
  EXPECT_THAT(bytes, ::testing::Each(0));
}

TEST(Secret, ComparesWholeTexts) {
  EXPECT_TRUE(EqualInConstantTime("", ""));
  EXPECT_TRUE(EqualInConstantTime("abc", "abc"));
  EXPECT_FALSE(EqualInConstantTime("abc", "abd"));
  EXPECT_FALSE(EqualInConstantTime("abc", "abcd"));
}

RC_GTEST_PROP(Digest, HexComesBack, (const std::string& bytes)) {
  RC_ASSERT(BytesFromHex(HexOf(bytes)).value() == bytes);
}

RC_GTEST_PROP(Bridge, Base64ComesBack, (const std::string& bytes)) {
  RC_ASSERT(openssl::FromBase64(openssl::Base64(bytes)).value() == bytes);
}

TEST(Digest, RefusesTextThatIsNoHex) {
  EXPECT_FALSE(BytesFromHex("abc").ok());
  EXPECT_FALSE(BytesFromHex("zz").ok());
  EXPECT_FALSE(HashFromHex("abcd").ok());
  EXPECT_EQ(BytesFromHex("AbCd").value(), "\xab\xcd");
}

TEST(Bridge, RefusesTextThatIsNoCanonicalBase64) {
  EXPECT_EQ(openssl::FromBase64("YWJj").value(), "abc");
  EXPECT_EQ(openssl::FromBase64("").value(), "");
  for (const char* text : {"YWJ", "YW!j", " YWJj", "YWJj\n", "YWJj====", "====", "YR=="}) {
    EXPECT_FALSE(openssl::FromBase64(text).ok()) << text;
  }
}

}  // namespace
}  // namespace landbook::storage
