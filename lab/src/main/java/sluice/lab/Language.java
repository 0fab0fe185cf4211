package sluice.lab;

/** The languages in which the lab speaks. */
public enum Language {
    /** English. */
    EN,
    /** Chinese. */
    ZH
}
