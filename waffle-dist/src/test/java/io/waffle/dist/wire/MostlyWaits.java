// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A test that waits for deadlines most of its time, with a Waffle and backends of its own: it runs beside those of its class that do so as well,
 * and beside no other class.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@interface MostlyWaits {}
