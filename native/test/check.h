// A test program in one header: TEST bodies run in the order of the file, CHECKs that fail are printed with their values,
// and the last line says how many tests passed and failed.

#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace check {

struct Test {
  const char* name;
  void (*body)();
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

inline int& failures() {
  static int count = 0;
  return count;
}

struct Registration {
  Registration(const char* name, void (*body)()) { tests().push_back({name, body}); }
};

template <typename T>
std::string shown(const T& value) {
  std::ostringstream out;
  if constexpr (requires { out << +value; }) out << +value;
  else if constexpr (requires { out << value; }) out << value;
  else out << "(a value)";
  return out.str();
}

inline void report(const char* file, int line, const std::string& what) {
  // A mutation test could print a hundred thousand lines; the first ones tell.
  if (++failures() <= 50) std::cout << "  " << file << ":" << line << ": " << what << "\n";
}

inline int run() {
  int failed = 0;
  for (const Test& test : tests()) {
    const int before = failures();
    try {
      test.body();
    } catch (...) {
      report(test.name, 0, "an exception nobody expected");
    }
    const bool is_good = failures() == before;
    failed += !is_good;
    std::cout << (is_good ? "ok    " : "FAIL  ") << test.name << "\n";
  }
  std::cout << tests().size() - failed << " passed, " << failed << " failed" << std::endl;
  return failed == 0 ? 0 : 1;
}

}  // namespace check

#define CHECK_NAME_(a, b) a##b
#define CHECK_NAME(a, b) CHECK_NAME_(a, b)
#define TEST(name)                                                                             \
  static void CHECK_NAME(test_, __LINE__)();                                                   \
  static check::Registration CHECK_NAME(registration_, __LINE__)(name, CHECK_NAME(test_, __LINE__)); \
  static void CHECK_NAME(test_, __LINE__)()

#define CHECK(condition)                                                         \
  do {                                                                           \
    if (!(condition)) check::report(__FILE__, __LINE__, "not so: " #condition);  \
  } while (false)

#define CHECK_EQ(got, wanted)                                                                              \
  do {                                                                                                     \
    const auto& got_ = (got);                                                                              \
    const auto& wanted_ = (wanted);                                                                        \
    if (!(got_ == wanted_)) {                                                                              \
      check::report(__FILE__, __LINE__, #got " is " + check::shown(got_) + ", not " + check::shown(wanted_)); \
    }                                                                                                      \
  } while (false)

int main() { return check::run(); }
