#include "geo/formats/gdal_bridge.h"

#include <algorithm>
#include <mutex>

#include "cpl_conv.h"
#include "cpl_error.h"
#include "cpl_string.h"
#include "cpl_vsi.h"
#include "fmt/format.h"
#include "gdal.h"
#include "ogr_spatialref.h"

namespace landbook::geo {
namespace {

// Bytes read at a time: large enough that a county's layer is read with few system calls.
constexpr std::size_t kWindowBytes = 1 << 20;

void CPL_STDCALL OnGdalError(CPLErr level, CPLErrorNum /*number*/, const char* message) {
  auto* errors = static_cast<GdalErrors*>(CPLGetErrorHandlerUserData());
  if (errors != nullptr && level >= CE_Warning) errors->Add(level >= CE_Failure, message);
}

// The EPSG code of `system`, 0 when it neither says it nor matches one entry of the register with
// full confidence.
int EpsgOf(const OGRSpatialReference& system) {
  const char* authority = system.GetAuthorityName(nullptr);
  const char* code = system.GetAuthorityCode(nullptr);
  if (authority != nullptr && code != nullptr && EQUAL(authority, "EPSG")) return std::atoi(code);
  int count = 0;
  int* confidences = nullptr;
  OGRSpatialReferenceH* matches =
      OSRFindMatches(OGRSpatialReference::ToHandle(const_cast<OGRSpatialReference*>(&system)),
                     nullptr, &count, &confidences);
  int epsg = 0;
  if (count > 0 && confidences[0] >= 90) {
    const char* match = OSRGetAuthorityCode(matches[0], nullptr);
    epsg = match == nullptr ? 0 : std::atoi(match);
  }
  OSRFreeSRSArray(matches);
  CPLFree(confidences);
  return epsg;
}

}  // namespace

void RegisterGdalDrivers() {
  static std::once_flag once;
  std::call_once(once, [] {
    const GdalErrors quiet;
    GDALAllRegister();
  });
}

GdalErrors::GdalErrors() { CPLPushErrorHandlerEx(OnGdalError, this); }

GdalErrors::~GdalErrors() {
  CPLPopErrorHandler();
  CPLErrorReset();
}

void GdalErrors::Clear() {
  text_.clear();
  failed_ = false;
}

void GdalErrors::Add(bool failure, const char* message) {
  // A broken file can repeat one message for every byte; the first few say it.
  constexpr std::size_t kTextMax = 2'000;
  failed_ = failed_ || failure;
  if (text_.size() > kTextMax) return;
  if (!text_.empty()) text_ += "; ";
  text_ += message;
}

absl::StatusOr<std::unique_ptr<ByteFile>> ByteFile::Open(const std::string& path) {
  const GdalErrors errors;
  VSIStatBufL stat;
  if (VSIStatL(path.c_str(), &stat) != 0 || VSI_ISDIR(stat.st_mode)) {
    return absl::NotFoundError(fmt::format("there is no file {}", path));
  }
  VSILFILE* handle = VSIFOpenL(path.c_str(), "rb");
  if (handle == nullptr) {
    return absl::PermissionDeniedError(
        fmt::format("the file {} is there but cannot be opened for reading", path));
  }
  return std::unique_ptr<ByteFile>(new ByteFile(handle, static_cast<std::uint64_t>(stat.st_size)));
}

ByteFile::ByteFile(void* handle, std::uint64_t size) : handle_(handle), size_(size) {}

ByteFile::~ByteFile() {
  const GdalErrors errors;
  VSIFCloseL(static_cast<VSILFILE*>(handle_));
}

std::string_view ByteFile::Bytes(std::uint64_t offset, std::size_t length) {
  if (offset >= size_) return {};
  length = static_cast<std::size_t>(std::min<std::uint64_t>(length, size_ - offset));
  const bool inside =
      offset >= window_offset_ && offset + length <= window_offset_ + window_.size();
  if (!inside) {
    const GdalErrors errors;
    auto* handle = static_cast<VSILFILE*>(handle_);
    window_.resize(static_cast<std::size_t>(
        std::min<std::uint64_t>(std::max(length, kWindowBytes), size_ - offset)));
    std::size_t got = 0;
    if (VSIFSeekL(handle, offset, SEEK_SET) == 0) {
      got = VSIFReadL(window_.data(), 1, window_.size(), handle);
    }
    window_.resize(got);
    window_offset_ = offset;
    length = std::min(length, got);
  }
  return std::string_view(window_).substr(static_cast<std::size_t>(offset - window_offset_),
                                          length);
}

bool FileExists(const std::string& path) {
  const GdalErrors errors;
  VSIStatBufL stat;
  return VSIStatExL(path.c_str(), &stat, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) == 0 &&
         !VSI_ISDIR(stat.st_mode);
}

bool FolderExists(const std::string& path) {
  const GdalErrors errors;
  VSIStatBufL stat;
  return VSIStatExL(path.c_str(), &stat, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) == 0 &&
         VSI_ISDIR(stat.st_mode);
}

std::vector<std::string> FilesUnder(const std::string& folder) {
  const GdalErrors errors;
  std::vector<std::string> files;
  char** entries = VSIReadDirRecursive(folder.c_str());
  for (char** entry = entries; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view name = *entry;
    if (!name.empty() && name.back() != '/') files.emplace_back(name);
  }
  CSLDestroy(entries);
  std::sort(files.begin(), files.end());
  return files;
}

CrsText ReadCrs(const std::string& text) {
  const GdalErrors errors;
  CrsText crs;
  OGRSpatialReference system;
  if (text.empty() || system.SetFromUserInput(text.c_str()) != OGRERR_NONE) return crs;
  char* wkt = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2018", nullptr};
  if (system.exportToWkt(&wkt, options) == OGRERR_NONE && wkt != nullptr) crs.wkt = wkt;
  CPLFree(wkt);
  crs.epsg = EpsgOf(system);
  return crs;
}

absl::StatusOr<std::string> PrjOfEpsg(int epsg) {
  const GdalErrors errors;
  OGRSpatialReference system;
  if (system.importFromEPSG(epsg) != OGRERR_NONE) {
    return absl::InvalidArgumentError(
        fmt::format("EPSG:{} is not in the register of coordinate reference systems", epsg));
  }
  char* wkt = nullptr;
  const char* const options[] = {"FORMAT=WKT1_ESRI", nullptr};
  const bool written = system.exportToWkt(&wkt, options) == OGRERR_NONE && wkt != nullptr;
  std::string prj = written ? wkt : "";
  CPLFree(wkt);
  if (!written) {
    return absl::InvalidArgumentError(
        fmt::format("EPSG:{} cannot be written as the .prj of a shapefile", epsg));
  }
  return prj;
}

}  // namespace landbook::geo
