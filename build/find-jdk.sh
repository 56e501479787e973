# SPDX-License-Identifier: Apache-2.0
# Sourced by ./waffle and ./test: sets and exports JAVA_HOME to a JDK that can build Waffle, or says what to install and exits 2.

jdk_needed=25
jdk_root=${JDK_SEARCH_ROOT:-} # where the usual folders are; for the tests

# True if $1 is the folder of a JDK (javac, not only java) of at least the version needed.
is_jdk() {
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ] || return 1
  jdk_version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  [ -n "$jdk_version" ] && [ "$jdk_version" -ge "$jdk_needed" ]
}

# The folder of the JDK whose javac is on the PATH, through any symbolic links.
jdk_on_path() {
  jdk_javac=$(command -v javac) || return 1
  jdk_javac=$(readlink -f "$jdk_javac") || return 1
  dirname "$(dirname "$jdk_javac")"
}

find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME"; then
    return 0
  fi
  if jdk=$(jdk_on_path) && is_jdk "$jdk"; then
    JAVA_HOME=$jdk
    return 0
  fi
  for jdk in "$jdk_root"/usr/lib/jvm/* "$jdk_root"/opt/* "$jdk_root"/opt/java/* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    "$jdk_root"/Library/Java/JavaVirtualMachines/*/Contents/Home "$jdk_root"/opt/homebrew/opt/openjdk* "$jdk_root"/usr/local/opt/openjdk*; do
    if is_jdk "$jdk"; then
      JAVA_HOME=$jdk
      return 0
    fi
  done
  return 1
}

if ! find_jdk; then
  echo "No JDK $jdk_needed or newer found: not by JAVA_HOME (${JAVA_HOME:-not set}), on the PATH, or in the usual folders." >&2
  echo "Install one, for example Eclipse Temurin $jdk_needed from https://adoptium.net, or set JAVA_HOME to its folder." >&2
  exit 2
fi
export JAVA_HOME

# True if Maven is there; otherwise says so.
require_maven() {
  command -v mvn > /dev/null && return 0
  echo "No mvn on the PATH. Install Maven 3.8.7 or newer, for example: apt-get install maven" >&2
  exit 2
}
