# Sourced by ./sluice and ./test: find_jdk sets jdk to the home of a JDK 25 or later, and jdk_version to its version; status 1 if there is none.
# Order: JAVA_HOME, /usr/lib/jvm/*25*, the rest of /usr/lib/jvm, java on the PATH.

jdk_needed=25

# Version of the JDK at $1, on standard output; fails when nothing there is a JDK with a compiler of its own release.
jdk_version_of() {
    local home=$1 line version=
    [ -x "$home/bin/java" ] && [ -x "$home/bin/javac" ] || return 1
    if [ -r "$home/release" ]; then
        while IFS= read -r line; do
            case $line in JAVA_VERSION=*) version=${line#JAVA_VERSION=}; version=${version//\"/} ;; esac
        done < "$home/release"
    fi
    if [ -z "$version" ]; then
        version=$("$home/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')
    fi
    [ -n "$version" ] && printf '%s\n' "$version"
}

find_jdk() {
    local home version major on_path
    on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/java}
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* "$on_path"; do
        [ -n "$home" ] && version=$(jdk_version_of "$home") || continue
        major=${version%%[!0-9]*}
        if [ -n "$major" ] && [ "$major" -ge "$jdk_needed" ]; then
            jdk=$home
            jdk_version=$version
            return 0
        fi
    done
    return 1
}

# Says what is missing; the caller exits.
no_jdk() {
    echo "$1: no JDK $jdk_needed or later found (looked at JAVA_HOME, /usr/lib/jvm and java on the PATH)." >&2
    echo "$1: install one, or set JAVA_HOME to it." >&2
}

# Lets mvn's build find that JDK wherever it lies, and gives mvn itself a JVM where it would have none.
export_jdk() {
    export JAVA25_HOME=$jdk
    if [ -z "${JAVA_HOME:-}" ] && ! command -v java > /dev/null 2>&1; then
        export JAVA_HOME=$jdk
    fi
}
