package com.example.machine;

import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The memory of the board. */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@interface Board {}
