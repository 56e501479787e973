// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;

/** The certificate chain and private key of the listener, as PEM files. */
public record TlsConfig(Path certFile, Path keyFile) {}
