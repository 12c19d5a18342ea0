// SPDX-License-Identifier: MIT
#pragma once
// DuckDB as an ADBC driver from a shared library that is loaded at run time: runs SQL and gives Arrow streams.

#include <dlfcn.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "table/arrow_structs.hpp"

namespace duck {

// The part of ADBC 1.0.0 that is needed here, with the layout of its driver table.
struct Error {
    char* message;
    std::int32_t vendor_code;
    char sqlstate[5];
    void (*release)(Error*);
    void* reserved[2];
};
struct Handle {
    void* private_data;
    void* private_driver;
};
using Status = std::uint8_t;
struct Driver {
    void* private_data;
    void* private_manager;
    Status (*release)(Driver*, Error*);
    Status (*database_init)(Handle*, Error*);
    Status (*database_new)(Handle*, Error*);
    void* database_set_option;
    Status (*database_release)(Handle*, Error*);
    void* connection_until_init[5];
    Status (*connection_init)(Handle*, Handle*, Error*);
    Status (*connection_new)(Handle*, Error*);
    void* connection_until_release[2];
    Status (*connection_release)(Handle*, Error*);
    void* until_execute[3];
    Status (*statement_execute_query)(Handle*, ArrowArrayStream*, std::int64_t*, Error*);
    void* until_new[2];
    Status (*statement_new)(Handle*, Handle*, Error*);
    void* statement_prepare;
    Status (*statement_release)(Handle*, Error*);
    void* statement_set_option;
    Status (*statement_set_sql_query)(Handle*, const char*, Error*);
    void* rest[64];
};

class Database {
  public:
    explicit Database(const std::string& path) {
        library_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library_ == nullptr) throw std::runtime_error(std::string("cannot load DuckDB: ") + dlerror());
        using Init = Status (*)(int, void*, Error*);
        const auto init = reinterpret_cast<Init>(dlsym(library_, "duckdb_adbc_init"));
        if (init == nullptr) throw std::runtime_error("the library has no duckdb_adbc_init");
        check(init(1'000'000, &driver_, &error_));
        check(driver_.database_new(&database_, &error_));
        check(driver_.database_init(&database_, &error_));
        check(driver_.connection_new(&connection_, &error_));
        check(driver_.connection_init(&connection_, &database_, &error_));
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    // The library stays loaded, because its threads may still be running.
    ~Database() {
        driver_.connection_release(&connection_, &error_);
        driver_.database_release(&database_, &error_);
    }

    // Returns the rows of a query. Throws std::runtime_error with DuckDB's message.
    ArrowArrayStream query(const std::string& sql) {
        Handle statement{};
        check(driver_.statement_new(&connection_, &statement, &error_));
        ArrowArrayStream stream{};
        std::int64_t rows = 0;
        Status status = driver_.statement_set_sql_query(&statement, sql.c_str(), &error_);
        if (status == 0) status = driver_.statement_execute_query(&statement, &stream, &rows, &error_);
        Error ignored{};
        driver_.statement_release(&statement, &ignored);
        check(status);
        return stream;
    }

    // Runs a statement and ignores its rows.
    void run(const std::string& sql) {
        ArrowArrayStream stream = query(sql);
        if (stream.release != nullptr) stream.release(&stream);
    }

  private:
    void check(Status status) {
        if (status == 0) return;
        const std::string text = error_.message != nullptr ? error_.message : "no message";
        if (error_.release != nullptr) error_.release(&error_);
        error_ = {};
        throw std::runtime_error("DuckDB: " + text);
    }

    void* library_ = nullptr;
    Driver driver_{};
    Error error_{};
    Handle database_{};
    Handle connection_{};
};

// Opens a database in memory. Returns nothing if there is no library: neither at the environment's CURTAIL_DUCKDB nor
// where CMake put it.
inline std::unique_ptr<Database> open_database() {
    const char* const given = std::getenv("CURTAIL_DUCKDB");
    if (given != nullptr && *given != '\0') return std::make_unique<Database>(given);
    return std::filesystem::exists(CURTAIL_DUCKDB) ? std::make_unique<Database>(CURTAIL_DUCKDB) : nullptr;
}

}  // namespace duck
