"""Inputs aimed at edges, as strategies of Hypothesis.

Ordinary random inputs find half of what real code gets wrong, however many are drawn. So every strategy draws its
edges by name; everything it makes keeps the contract of the katas, holds numbers that a person can read, and shrinks.
"""
