#include "tools/exchange/title_fields.h"

namespace landbook::exchange {
namespace {

using Names = std::string_view;

constexpr Names kIssuer[] = {"FBFDZ", "YZBM", "FBFDCY", "FBFDCRQ", "FBFDCJS"};
constexpr Names kContractor[] = {"YZBM", "CBFCYSL", "CBFDCRQ", "CBFDCY", "CBFDCJS",
                                 "GSJS", "GSJSR",   "GSSHRQ",  "GSSHR"};
constexpr Names kMember[] = {"CYBZ", "CYBZSM"};
constexpr Names kContract[] = {"YCBHTBM", "HTZMJ", "CBDKZS", "HTZMJM", "YHTZMJ", "YHTZMJM"};
constexpr Names kRegister[] = {"CBQX", "DKSYT", "CBJYQZLSH", "DJBFJ", "YCBJYQZBH", "DBR"};
constexpr Names kParcel[] = {"CBJYQQDFS", "HTMJ", "LZHTBM", "YHTMJ", "HTMJM", "YHTMJM", "SFQQQG"};
constexpr Names kCertificate[] = {"FZJG", "QZSFLQ", "QZLQRQ"};
constexpr Names kCertificateSource[] = {"QZLQRXM", "QZLQRZJLX", "QZLQRZJHM"};
constexpr Names kPlotSource[] = {"DKDZ", "DKXZ", "DKNZ", "DKBZ", "ZJRXM"};
constexpr Names kLineSource[] = {"PLDWQLR", "PLDWZJR"};
constexpr Names kTransfer[] = {"CBHTBM", "LZQX",    "LZQXKSRQ", "LZQXJSRQ", "LZMJ",
                               "LZDKS",  "LZQTDYT", "LZHTDYT",  "LZJGSM",   "LZMJM"};
constexpr Names kDocument[] = {"ZLFJBH", "ZLFJMC", "ZLFJRQ", "FJ"};
constexpr Names kReissue[] = {"QZBFYY", "BFRQ", "QZBFLQRQ"};
constexpr Names kReissueSource[] = {"QZBFLQRXM", "BFLQRZJLX", "BFLQRZJHM"};
constexpr Names kReplacement[] = {"QZHFYY", "HFRQ", "QZHFLQRQ"};
constexpr Names kReplacementSource[] = {"QZHFLQRXM", "HFLQRZJLX", "HFLQRZJHM"};

constexpr AttachedTable kOfContract[] = {{"QSLYZLFJ", kDocument, {}}};
constexpr AttachedTable kOfCertificate[] = {{"CBJYQZ_QZBF", kReissue, kReissueSource},
                                            {"CBJYQZ_QZHF", kReplacement, kReplacementSource}};

}  // namespace

std::span<const std::string_view> IssuerSourceFields() { return kIssuer; }
std::span<const std::string_view> ContractorSourceFields() { return kContractor; }
std::span<const std::string_view> MemberSourceFields() { return kMember; }
std::span<const std::string_view> ContractFields() { return kContract; }
std::span<const std::string_view> RegisterFields() { return kRegister; }
std::span<const std::string_view> ParcelFields() { return kParcel; }
std::span<const std::string_view> CertificateFields() { return kCertificate; }
std::span<const std::string_view> CertificateSourceFields() { return kCertificateSource; }
std::span<const std::string_view> PlotSourceFields() { return kPlotSource; }
std::span<const std::string_view> LineSourceFields() { return kLineSource; }
std::span<const std::string_view> TransferFields() { return kTransfer; }
std::span<const AttachedTable> AttachedToContract() { return kOfContract; }
std::span<const AttachedTable> AttachedToCertificate() { return kOfCertificate; }

}  // namespace landbook::exchange
