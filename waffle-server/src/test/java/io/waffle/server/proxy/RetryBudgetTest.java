// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class RetryBudgetTest {

    @Test
    void savesSomeForTheStartAndThenGrantsAPartOfTheRequests() {
        RetryBudget budget = new RetryBudget(20);
        assertEquals(100, grantedOf(budget, 1_000, 0));
        assertTrue(budget.isSpent());
        assertEquals(200, grantedOf(budget, 1_000, 1));
    }

    @Test
    void savesNoMoreThanItBeganWith() {
        RetryBudget budget = new RetryBudget(100);
        for (int i = 0; i < 10_000; i++) {
            budget.deposit();
        }
        assertEquals(100, grantedOf(budget, 1_000, 0));
    }

    @Test
    void grantsNothingOfNothing() {
        RetryBudget budget = new RetryBudget(0);
        budget.deposit();
        assertTrue(budget.isSpent());
        assertFalse(budget.withdraw());
    }

    private static int grantedOf(RetryBudget budget, int requests, int deposits) {
        int granted = 0;
        for (int i = 0; i < requests; i++) {
            for (int d = 0; d < deposits; d++) {
                budget.deposit();
            }
            granted += budget.withdraw() ? 1 : 0;
        }
        return granted;
    }
}
