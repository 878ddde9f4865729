package com.example.machine;

import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The memory of the card. */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@interface Card {}
