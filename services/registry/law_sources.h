// The articles that refusals rest on, written once so that every refusal of a rule cites it alike.
//
// A rule that a policy pack states is cited as the pack says (RuleSource.document); these are for
// rules that stand above every pack.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_SOURCES_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_SOURCES_H_

namespace landbook::registry::source {

// Registration.
inline constexpr char kRegistration[] =
    "Interim Regulations on Real Estate Registration 22 (不动产登记暂行条例第22条)";
inline constexpr char kUnitCode[] = "GB/T 37346 (不动产单元编码)";
inline constexpr char kResidentNumber[] = "GB 11643-1999 (公民身份号码)";
inline constexpr char kCreditCode[] = "GB 32100-2015 (统一社会信用代码)";
inline constexpr char kContractCodes[] = "NY/T 2539-2016 (农村土地承包经营权要素编码规则)";
inline constexpr char kDivisions[] = "GB/T 10114-2003 (县级以下行政区划代码)";

// Holders and terms.
inline constexpr char kJoint[] = "Civil Code 299 (民法典第299条)";
inline constexpr char kShares[] = "Civil Code 298 (民法典第298条)";
inline constexpr char kCollectiveOwnership[] =
    "Land Administration Law 2, 11 (土地管理法第2、11条)";
inline constexpr char kDerivedTerm[] =
    "Rural Land Contracting Law 38(3) (农村土地承包法第38条第3项)";
inline constexpr char kIllegalOccupation[] =
    "Interim Regulations on Real Estate Registration 22(2) (不动产登记暂行条例第22条第2项)";

// Transfers.
inline constexpr char kAssignContract[] = "Rural Land Contracting Law 34 (农村土地承包法第34条)";
inline constexpr char kExchangeContract[] = "Rural Land Contracting Law 33 (农村土地承包法第33条)";
inline constexpr char kTransferHomestead[] =
    "Civil Code 363, Land Administration Law 62 (民法典第363条、土地管理法第62条)";
inline constexpr char kMortgageFollows[] = "Civil Code 406 (民法典第406条)";

// Withdrawal.
inline constexpr char kReturnContract[] = "Rural Land Contracting Law 30 (农村土地承包法第30条)";
inline constexpr char kWithdrawHomestead[] =
    "Land Administration Law 62(6) (土地管理法第62条第6款)";
inline constexpr char kJointConsent[] = "Civil Code 301 (民法典第301条)";
inline constexpr char kAdult[] = "Civil Code 17 (民法典第17条)";
inline constexpr char kEncumbered[] = "Civil Code 399, 406, 409 (民法典第399、406、409条)";

// Mortgages.
inline constexpr char kNoOwnershipMortgage[] = "Civil Code 399(1) (民法典第399条第1项)";
inline constexpr char kNoHomesteadMortgage[] = "Civil Code 399(2) (民法典第399条第2项)";
inline constexpr char kFinancialInstitution[] =
    "Rural Land Contracting Law 47 (农村土地承包法第47条)";
inline constexpr char kMortgageContract[] = "Civil Code 400 (民法典第400条)";
inline constexpr char kLaterMortgagees[] = "Civil Code 409 (民法典第409条)";

// Personal data.
inline constexpr char kErasure[] = "Personal Information Protection Law 47 (个人信息保护法第47条)";

}  // namespace landbook::registry::source

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_SOURCES_H_
