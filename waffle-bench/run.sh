# SPDX-License-Identifier: Apache-2.0
#
# Sourced by the scripts that measure, with $root as the folder of the checkout.
. "$root/build/find-jdk.sh"
target=$root/waffle-bench/target

# True if a source is newer than what was compiled last.
stale() {
  newest=$(ls -t "$target"/waffle-bench-*.jar "$target/compare.stamp" 2> /dev/null | head -n 1)
  [ -n "$newest" ] || return 0
  changed=$(find "$root/pom.xml" "$root/waffle-bench/pom.xml" "$root/waffle-bench/src/main" -newer "$newest" -print | head -n 1)
  [ -n "$changed" ]
}

build_benchmarks() {
  require_maven
  echo "Building the benchmarks..." >&2
  mvn -B -ntp -q -f "$root/pom.xml" -pl waffle-bench -am -DskipTests package >&2
  touch "$target/compare.stamp"
}

# run CLASS ARGUMENT...: becomes that program of the benchmarks.
run() {
  main=$1
  shift
  # Without the folder of a distribution in the arguments it is that of this checkout, built if a source is newer.
  case " $* " in
    *" --waffle "*) ;;
    *)
      "$root/waffle" -version > /dev/null
      set -- --waffle "$root/waffle-dist/target/$(cat "$root/waffle-dist/target/image.stamp")" "$@"
      ;;
  esac
  ! stale || build_benchmarks
  # Ten thousand idle clients are as many descriptors in the proxy and in the client.
  ulimit -n 65536 2> /dev/null || ulimit -n "$(ulimit -Hn)"
  exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -cp "$target/classes:$(cat "$target/class-path")" "-Dwaffle.root=$root" \
    "io.waffle.bench.compare.$main" "$@"
}
