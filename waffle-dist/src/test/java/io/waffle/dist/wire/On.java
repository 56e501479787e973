// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tests of this class share the {@link Site} of a setup with all others that name it, one after the other; constructors may ask for it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Sites.class)
@interface On {
    Setup value();
}
