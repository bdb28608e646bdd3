// The articles and standards that refusals of form rest on, written once so that each cites them
// alike. What law refuses by cites its own (services/law).
#ifndef LANDBOOK_SERVICES_REGISTRY_SOURCES_H_
#define LANDBOOK_SERVICES_REGISTRY_SOURCES_H_

namespace landbook::registry::source {

// Registration.
inline constexpr char kRegistration[] =
    "Interim Regulations on Real Estate Registration 22 (不动产登记暂行条例第22条)";
inline constexpr char kUnitCode[] = "GB/T 37346 (不动产单元编码)";
inline constexpr char kResidentNumber[] = "GB 11643-1999 (公民身份号码)";
inline constexpr char kCreditCode[] = "GB 32100-2015 (统一社会信用代码)";
inline constexpr char kContractCodes[] = "NY/T 2539-2016 (农村土地承包经营权要素编码规则)";
inline constexpr char kDivisions[] = "GB/T 10114-2003 (县级以下行政区划代码)";

// Holders.
inline constexpr char kJoint[] = "Civil Code 299 (民法典第299条)";
inline constexpr char kShares[] = "Civil Code 298 (民法典第298条)";

// What rests on a right.
inline constexpr char kEncumbered[] = "Civil Code 399, 406, 409 (民法典第399、406、409条)";

// Mortgages.
inline constexpr char kMortgageContract[] = "Civil Code 400 (民法典第400条)";

// Personal data.
inline constexpr char kErasure[] = "Personal Information Protection Law 47 (个人信息保护法第47条)";

}  // namespace landbook::registry::source

#endif  // LANDBOOK_SERVICES_REGISTRY_SOURCES_H_
