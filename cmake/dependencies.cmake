# Libraries, all from Debian 12 (docs/decisions/ says why each). Only the rooms named in the
# comments may link them.

find_package(Threads REQUIRED)
find_package(absl REQUIRED)          # all
find_package(fmt REQUIRED)           # all
find_package(GEOS REQUIRED)          # geo
find_package(PROJ REQUIRED)          # geo
find_package(GDAL REQUIRED)          # geo/formats
find_package(OpenSSL 3 REQUIRED)     # storage
find_package(RocksDB REQUIRED)       # storage/rocksdb
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)  # storage/rocksdb
find_package(GTest REQUIRED)         # tests
find_package(rapidcheck REQUIRED)    # tests
find_package(benchmark REQUIRED)     # single steps (*_bench.cc)
if(NOT LANDBOOK_BELOW_GRPC)
  find_package(Protobuf REQUIRED)    # proto, services, tools
  find_package(gRPC REQUIRED)        # proto, services, tools
  find_package(CLI11 REQUIRED)       # services/landbookd, tools
  find_package(PostgreSQL REQUIRED)  # tools: the peer of the benchmark
  find_package(spdlog REQUIRED)      # services, tools
  pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET
                    pangocairo pangoft2 cairo-pdf cairo-png fontconfig)  # sheet
  find_package(SQLite3 REQUIRED)     # tools/exchange
endif()
